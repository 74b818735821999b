/** Titles of steps are short: names, and not where things lie. Pure. */

/** Three of them fit a line of 80 columns beside the words around them. */
const MOST_NAMES = 3;
const LONGEST = 24;

/** The last part of a path, a URI or a reference of an image, without its digest. */
function lastPart(name: string): string {
  const [bare = name] = name.split('@sha256:');
  const part = bare.replace(/\/+$/, '').split('/').at(-1) ?? bare;
  // A tag is often a hash of 64 characters, and what is before it the same for all.
  return part.length <= LONGEST ? part : `${part.slice(0, LONGEST - 9)}…${part.slice(-8)}`;
}

/** The names as a title has them: short, each once, and not too many. */
export function namesInTitle(names: readonly string[]): string {
  const short = [...new Set(names.map(lastPart))];
  const shown = short.slice(0, MOST_NAMES).join(', ');
  return short.length <= MOST_NAMES ? shown : `${shown} and ${String(short.length - MOST_NAMES)} more`;
}
