/** What is expected of a region, and how it is said what differs. */

/** What the actions were told is so. */
export interface Expected {
  /** Desired count by discovery name. */
  readonly counts: ReadonlyMap<string, number>;
  /** Environment variable of service-b's tasks. */
  readonly version: readonly [name: string, value: string] | undefined;
  /** Deployments that were accepted, by discovery name: still there, or followed by another. */
  readonly deployments: ReadonlyMap<string, string>;
}

/** What one list has more than the other. */
export function same(what: string, found: Iterable<string>, wanted: Iterable<string>): string[] {
  const [left, right] = [[...found], [...wanted]];
  const more = (these: string[], those: string[]) =>
    these.filter((one) => !those.includes(one)).map((one) => one.slice(0, 24));
  const [extra, missing] = [more(left, right), more(right, left)];
  if (extra.length + missing.length === 0 && left.length === right.length) return [];
  return [`${what}: too many: ${extra.join(' ') || 'none'}, missing: ${missing.join(' ') || 'none'}`];
}

export const idOf = (arn: string | undefined): string => arn?.split('/').at(-1) ?? '';

export const count = (what: string, found: number, wanted: number): string =>
  found === wanted ? '' : `${String(found)} ${what} instead of ${String(wanted)}`;
