/** Numbers as people type them. */
import { InvalidArgumentError } from 'commander';

/** @returns nothing for what is not a whole number in its range */
export function wholeNumber(text: string, least: number, most: number): number | undefined {
  // Number() alone takes an empty text for 0, and 1e2 and 0x10 too.
  const value = /^\d+$/.test(text) ? Number(text) : NaN;
  return value >= least && value <= most ? value : undefined;
}

/** The same for an option of commander. */
export function numberOption(text: string, least: number, most: number): number {
  const value = wholeNumber(text, least, most);
  if (value !== undefined) return value;
  throw new InvalidArgumentError(`"${text}" is not a number from ${String(least)} to ${String(most)}.`);
}

export const PORTS = [1, 65_535] as const;
