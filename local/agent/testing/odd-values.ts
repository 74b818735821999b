/** One member somewhere in a value is another one. */
export function changed(value: unknown, at: readonly number[], by: unknown): unknown {
  const [here, ...rest] = at;
  if (here === undefined || typeof value !== 'object' || value === null) return by;
  const keys = Object.keys(value);
  const key = keys[here % Math.max(1, keys.length)];
  if (key === undefined) return by;
  const made: Record<string, unknown> = { ...(value as Record<string, unknown>) };
  made[key] = changed(made[key], rest, by);
  return Array.isArray(value) ? Object.values(made) : made;
}
