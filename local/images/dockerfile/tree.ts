/** What an image has in it, while it is built: by path, from the root and without a slash before it. */
import { dirname } from 'node:path';

export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

export type Entry = Owner & { readonly mode: number } & (
    | { readonly kind: 'file'; /** Where its content lies. */ readonly from: string }
    | { readonly kind: 'directory' }
    | { readonly kind: 'link'; readonly to: string }
  );

const ROOT: Owner = { uid: 0, gid: 0 };

export class Tree {
  readonly entries: Map<string, Entry>;

  constructor(entries: Iterable<readonly [string, Entry]> = []) {
    this.entries = new Map(entries);
  }

  copy(): Tree {
    return new Tree(this.entries);
  }

  isDirectory(path: string): boolean {
    return path === '' || this.entries.get(path)?.kind === 'directory';
  }

  /** With those above it. What is there stays as it is. @throws Error where something else is */
  makeDirectory(path: string, owner: Owner = ROOT): void {
    if (path === '' || path === '.') return;
    this.makeDirectory(dirname(path));
    const there = this.entries.get(path);
    if (there === undefined) this.entries.set(path, { kind: 'directory', mode: 0o755, ...owner });
    else if (there.kind !== 'directory') throw new Error(`/${path} is no directory`);
  }

  put(path: string, entry: Entry): void {
    this.makeDirectory(dirname(path));
    const there = this.entries.get(path);
    if (there?.kind === 'directory' && entry.kind !== 'directory') throw new Error(`/${path} is a directory`);
    this.entries.set(path, entry);
  }

  /** What is below a path, by what follows it; the path itself is `''`. */
  below(path: string): [string, Entry][] {
    const prefix = path === '' ? '' : `${path}/`;
    return [...this.entries].flatMap(([name, entry]): [string, Entry][] => {
      if (name === path) return [['', entry]];
      return name.startsWith(prefix) ? [[name.slice(prefix.length), entry]] : [];
    });
  }
}
