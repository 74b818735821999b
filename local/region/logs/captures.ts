/** Where the agent notes when a log file grew, and `logs` and the console read it. */

/** Each line: how many bytes the log ever had, and when, in epoch milliseconds. */
export const capturesFile = (logFile: string): string => `${logFile}.times`;
