/** Tells the command line how to get into namespaces that are no task's: load balancer nodes, and the internet. */
import { rename, writeFile } from 'node:fs/promises';
import type { NamespaceHolder } from './runtime/namespace-holder.ts';

export class PlacesFile {
  readonly #path: string;
  #written = '';

  constructor(path: string) {
    this.#path = path;
  }

  async write(places: ReadonlyMap<string, NamespaceHolder>): Promise<void> {
    const text = JSON.stringify(Object.fromEntries([...places].map(([name, { pid }]) => [name, pid])));
    if (text === this.#written) return;
    await writeFile(`${this.#path}.next`, text);
    await rename(`${this.#path}.next`, this.#path);
    this.#written = text;
  }
}
