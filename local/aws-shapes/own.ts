/** What a table has of its own by a name that somebody else chose: `constructor` is a name too, and every object has one. */
export const ownOf = <T>(table: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined;
