/** How far back the agent, the console's server and its page look. Without imports, so that the page can have it. */

/** Five minutes of seconds: what a chart shows. */
export const SECONDS_KEPT = 300;
