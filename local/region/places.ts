/** How to get into namespaces that are no task's: those of load balancer nodes, and the internet. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { moveInto } from './move-into.ts';
import { RUN } from './paths.ts';
import { AGAIN, readJson } from './read-json.ts';

/** Below the directory of the running region. */
export const PLACES_FILE = 'places.json';

/** Process ids by name: `internet`, and a `load-balancer-<zone>` for each node. */
export function places(): Record<string, number> {
  const file = join(RUN, PLACES_FILE);
  return existsSync(file) ? readJson(file, z.record(z.string(), z.number()), AGAIN) : {};
}

export class PlacesFile {
  readonly #path: string;
  #written = '';

  constructor(path: string) {
    this.#path = path;
  }

  async write(places: ReadonlyMap<string, { readonly pid: number }>): Promise<void> {
    const text = JSON.stringify(Object.fromEntries([...places].map(([name, { pid }]) => [name, pid])));
    if (text === this.#written) return;
    await moveInto(this.#path, text);
    this.#written = text;
  }
}
