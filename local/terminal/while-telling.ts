/** A note under a step that lasts: on a terminal it moves, elsewhere it is a line now and then. */

/** Often enough to be seen to move; a log shows that it goes on and stays short. As script/setup/progress.mjs has it. */
const ON_A_TERMINAL_MS = 500;
const ELSEWHERE_MS = 10_000;

export interface Telling {
  readonly note: () => string;
  readonly say: (line: string) => void;
  readonly everyMs?: number;
}

/** Waits for something, and tells meanwhile how long it has taken and how far it is. */
export async function whileTelling<T>(
  work: Promise<T>,
  { note, say, everyMs = process.stdout.isTTY ? ON_A_TERMINAL_MS : ELSEWHERE_MS }: Telling,
): Promise<T> {
  const began = Date.now();
  const timer = setInterval(() => {
    say(`${String(Math.round((Date.now() - began) / 1000))} s: ${note()}`);
  }, everyMs);
  try {
    return await work;
  } finally {
    clearInterval(timer);
  }
}
