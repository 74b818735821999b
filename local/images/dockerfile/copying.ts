/** COPY, and ADD of local files: https://docs.docker.com/reference/dockerfile/#copy. Pure. */
import { basename, join, normalize } from 'node:path';
import type { Entry, Owner, Tree } from './tree.ts';

export interface Copying {
  readonly sources: readonly string[];
  readonly target: string;
  readonly workingDirectory: string;
  /** Of COPY without --chown everything is root's. */
  readonly owner: Owner;
  readonly mode: number | undefined;
}

const WILD = /[*?[\\]/;

/** https://pkg.go.dev/path/filepath#Match */
function patternOf(wild: string): RegExp {
  const text = wild.replaceAll(/\\(.)|\*|\?|\[\^?[^\]]*\]|[.+^${}()|/]/g, (part, escaped: string | undefined) => {
    if (escaped !== undefined) return escaped.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
    if (part === '*') return '[^/]*';
    if (part === '?') return '[^/]';
    return part.startsWith('[') ? part : `\\${part}`;
  });
  return new RegExp(`^${text}$`);
}

/** From the root, without the slash: nothing leads above it. */
export const inside = (path: string): string => {
  const plain = normalize(join('/', path)).slice(1).replace(/\/$/, '');
  return plain === '.' ? '' : plain;
};

function matching(from: Tree, source: string): string[] {
  const path = inside(source);
  if (!WILD.test(path)) return from.isDirectory(path) || from.entries.has(path) ? [path] : [];
  const pattern = patternOf(path);
  return [...from.entries.keys()].filter((name) => pattern.test(name)).sort();
}

/** @throws Error that names a source which is not there */
export function copyInto(to: Tree, from: Tree, { sources, target, workingDirectory, owner, mode }: Copying): void {
  const destination = inside(target.startsWith('/') ? target : join(workingDirectory, target));
  const found = sources.flatMap((source) => {
    const names = matching(from, source);
    if (names.length === 0) throw new Error(`"${source}" is not there, or .dockerignore leaves it out`);
    return names;
  });
  const isFolder = /(?:^|\/)\.?$/.test(target) || found.length > 1 || to.isDirectory(destination);
  const owned = (entry: Entry): Entry => ({
    ...entry,
    ...owner,
    mode: mode === undefined || entry.kind === 'link' ? entry.mode : mode,
  });
  for (const name of found) {
    if (from.isDirectory(name)) {
      // What is in it is copied, not itself.
      to.makeDirectory(destination, owner);
      for (const [below, entry] of from.below(name)) if (below !== '') to.put(join(destination, below), owned(entry));
    } else {
      const entry = from.entries.get(name);
      if (entry !== undefined) to.put(isFolder ? join(destination, basename(name)) : destination, owned(entry));
    }
  }
}
