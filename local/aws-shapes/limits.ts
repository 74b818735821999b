/** What AWS's own limits keep from the agent, should an API let it through. */

/** Tasks of one service: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html */
export const MOST_TASKS = 5000;
