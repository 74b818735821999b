/** The end of the supervisor, and with it of everything that runs. */
import { readRegion, writeRegion } from '../region/region-file.ts';
import { logOf } from './child.ts';

/** @param reason what went wrong, for those who ask afterwards; empty when the supervisor was asked to end */
export type End = (reason: string) => never;

export function endOf(regionId: string): End {
  return (reason) => {
    const region = readRegion();
    try {
      if (region?.regionId === regionId) writeRegion({ ...region, ended: reason });
    } catch {
      // The disk is full: the log may have room for it.
      console.error(reason);
    }
    process.exit(reason === '' ? 0 : 1);
  };
}

/** The reason to end when a child ended again and again. */
export const endedTooOften = (what: string, name: string, code: number | null): string =>
  `${what} ended again and again, at last with exit code ${String(code)}: see ${logOf(name)}`;
