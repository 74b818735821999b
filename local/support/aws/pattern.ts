/** Whether a value matches a pattern that a template gives: it is Java's, and one that is none here is left to AWS. */
export function matchesPattern(pattern: string, value: string): boolean {
  try {
    return new RegExp(pattern, 'u').test(value);
  } catch {
    return true;
  }
}
