/** Reads lists of which one member may be unreadable. */
import { z } from 'zod';
import type { Complain } from '../../region/complaints.ts';
import { oneLine } from '../../region/one-line.ts';

/** The value of the first of these members that is a text: what a resource is called in a complaint. */
export function nameIn(raw: unknown, ...members: readonly string[]): string {
  if (typeof raw !== 'object' || raw === null) return 'a resource without a name';
  const found = members.map((member) => (raw as Readonly<Record<string, unknown>>)[member]);
  return found.find((value): value is string => typeof value === 'string') ?? 'a resource without a name';
}

/**
 * The members that can be read; each of the others is complained about, and left out.
 * @param what the kind of resource, for the complaint
 * @param names the members that name one, the best first
 */
export function readEach<S extends z.ZodType>(
  schema: S,
  rows: readonly unknown[] | undefined,
  what: string,
  names: readonly string[],
  complain: Complain,
): z.infer<S>[] {
  return (rows ?? []).flatMap((raw) => {
    const read = schema.safeParse(raw);
    if (read.success) return [read.data];
    complain(
      nameIn(raw, ...names),
      `${what} ${nameIn(raw, ...[...names].reverse())} can't be read: ${oneLine(read.error)}`,
    );
    return [];
  });
}
