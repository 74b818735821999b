/** The endpoint files that every Envoy watches. */
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { oneLine } from '../../region/one-line.ts';
import { edsFileName, ENDPOINTS_FILE } from '../core/eds-names.ts';
import { endpointsResource } from '../core/envoy/endpoints.ts';
import type { Backend } from '../core/mesh.ts';
import type { Complain } from '../../region/complaints.ts';
import { moveInto } from '../../region/move-into.ts';

/** Envoys take up a moved file in 10 to 13 ms (measured, ten flips under load); a busy machine gets eight times that. */
const PICK_UP_MS = 100;

const Written = z.object({ resources: z.array(z.object({ cluster_name: z.string() })) });

export class EdsDirectory {
  readonly path: string;
  readonly #region: string;
  readonly #pickUpMs: number;
  readonly #written = new Map<string, string>();

  /** @param pickUpMs how long Envoys get to take up a change; 0 for whoever asks them */
  constructor(path: string, region: string, pickUpMs = PICK_UP_MS) {
    this.path = path;
    this.#region = region;
    this.#pickUpMs = pickUpMs;
    mkdirSync(path, { recursive: true });
    this.#learn();
  }

  /** What an agent before this one wrote is in the proxies that it started. */
  #learn(): void {
    for (const entry of readdirSync(this.path, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile() || entry.name !== ENDPOINTS_FILE) continue;
      const text = readFileSync(join(entry.parentPath, entry.name), 'utf8');
      const { data } = Written.safeParse(JSON.parse(text));
      const [resource] = data?.resources ?? [];
      if (resource !== undefined) this.#written.set(resource.cluster_name, text);
    }
  }

  /** Makes the files of names that have none yet: an Envoy refuses a cluster whose endpoint file does not exist. */
  async ensure(names: Iterable<string>, complain: Complain): Promise<void> {
    const missing = [...names].filter((name) => !this.#written.has(name));
    if (missing.length > 0) await this.write(new Map(missing.map((name) => [name, []])), complain);
  }

  /**
   * Writes what changed, by rename, so that no Envoy ever reads half a file. Resolves when the Envoys have it.
   * @param endpoints by name; all that there are when they are `whole`
   * @returns the names whose file could not be written, each of which is complained about
   */
  async write(
    endpoints: ReadonlyMap<string, readonly Backend[]>,
    complain: Complain,
    { whole = false } = {},
  ): Promise<ReadonlySet<string>> {
    let changed = false;
    const failed = new Set<string>();
    // Of a name that is not among them any more nobody serves.
    const emptied = whole ? [...this.#written.keys()].filter((name) => !endpoints.has(name)) : [];
    for (const [name, backends] of [...endpoints, ...emptied.map((one) => [one, []] as const)]) {
      const text = JSON.stringify(endpointsResource(name, backends, this.#region));
      if (this.#written.get(name) === text) continue;
      try {
        const target = join(this.path, edsFileName(name));
        await mkdir(dirname(target), { recursive: true });
        await moveInto(target, text);
        this.#written.set(name, text);
        changed = true;
      } catch (error) {
        failed.add(name);
        complain(name, `the endpoints of ${name} can't be written: ${oneLine(error)}`);
      }
    }
    if (changed) await new Promise((resolve) => setTimeout(resolve, this.#pickUpMs));
    return failed;
  }

  /** Takes away the files of names that are in no use any more. */
  async keepOnly(names: ReadonlySet<string>): Promise<void> {
    for (const name of this.#written.keys()) {
      if (names.has(name)) continue;
      await rm(join(this.path, edsFileName(name)), { force: true });
      this.#written.delete(name);
    }
  }
}
