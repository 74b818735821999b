/** Reads one thing of many. */
import type { Complain } from '../../region/complaints.ts';
import { oneLine } from '../../region/one-line.ts';
import { isControlPlaneGone } from './control-plane-gone.ts';

/**
 * One that was deleted between two calls is not in the next answer, and costs nothing but itself until then.
 * @param what it is, for the complaint
 * @returns undefined where it can't be read, which is complained about. @throws when the control plane does not answer
 */
export async function unlessUnreadable<T>(
  resource: string,
  what: string,
  read: () => Promise<T>,
  complain: Complain,
): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (isControlPlaneGone(error)) throw error;
    complain(resource, `${what} can't be read: ${oneLine(error)}`);
    return undefined;
  }
}
