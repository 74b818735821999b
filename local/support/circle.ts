/**
 * Names that need each other in a circle.
 * @param needs by name what it needs; names that are not there need nothing
 * @returns the circle, its first name at the end again; empty where there is none
 */
export function circleIn(needs: ReadonlyMap<string, readonly string[]>): string[] {
  const done = new Set<string>();
  for (const start of needs.keys()) {
    if (done.has(start)) continue;
    // A stack of our own: chains of some hundred resources would be as many calls.
    const path: { readonly name: string; readonly left: string[] }[] = [
      { name: start, left: [...(needs.get(start) ?? [])] },
    ];
    while (path.length > 0) {
      const here = path.at(-1);
      const next = here?.left.pop();
      if (here === undefined || next === undefined) {
        done.add(path.pop()?.name ?? '');
        continue;
      }
      const at = path.findIndex(({ name }) => name === next);
      if (at >= 0) return [...path.slice(at).map(({ name }) => name), next];
      if (!done.has(next) && needs.has(next)) path.push({ name: next, left: [...(needs.get(next) ?? [])] });
    }
  }
  return [];
}
