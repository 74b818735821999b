/** What has to be done some time, such as a file on a disk that is full just now. */

/** A person who makes room sees it at once. */
const AGAIN_MS = 1_000;

/** Does it now, or as soon as it does not throw. */
export function keepTrying(act: () => void, later: (again: () => void) => void = laterOn): void {
  try {
    act();
  } catch {
    later(() => {
      keepTrying(act, later);
    });
  }
}

function laterOn(again: () => void): void {
  setTimeout(again, AGAIN_MS).unref();
}
