/** The files from which a proxy takes its listeners and clusters. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { CLUSTERS_FILE, LISTENERS_FILE, type ProxyResources } from '../core/envoy/discovery-response.ts';
import { moveInto } from '../../region/move-into.ts';

export class DiscoveryFiles {
  readonly #directory: string;
  readonly #written = new Map<string, string>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** Writes what changed, after what is being written. @returns whether anything did */
  write(resources: ProxyResources): Promise<boolean> {
    const written = this.#last.then(() => this.#write(resources));
    this.#last = written.catch(() => undefined);
    return written;
  }

  /** Clusters before listeners: a route to a cluster that isn't there yet would be refused. */
  async #write({ clusters, listeners }: ProxyResources): Promise<boolean> {
    let changed = false;
    await mkdir(this.#directory, { recursive: true });
    for (const [name, content] of [
      [CLUSTERS_FILE, clusters],
      [LISTENERS_FILE, listeners],
    ] as const) {
      const text = JSON.stringify(content, undefined, 1);
      if (this.#written.get(name) === text) continue;
      await moveInto(join(this.#directory, name), text);
      this.#written.set(name, text);
      changed = true;
    }
    return changed;
  }
}
