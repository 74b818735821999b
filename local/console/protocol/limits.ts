/** Bounds of actions, apart from the schemas so that the page has them without a validation library. */

/** Of a load: enough to see every effect, too little to be taken for a benchmark. */
export const LOAD_LIMITS = { ratePerSecond: 500, seconds: 60, connections: 50 } as const;

/** Of a text that lines are searched for. */
export const LONGEST_TEXT = 200;

/** Of a service: more than one machine's processes make sense of. */
export const MOST_TASKS = 20;
