/** Tells the command line how to get into namespaces that are no task's: load balancer nodes, and the internet. */
import { moveInto } from '../region/move-into.ts';
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
    await moveInto(this.#path, text);
    this.#written = text;
  }
}
