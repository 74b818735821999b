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

const List = z.object({ version_info: z.string(), resources: z.array(z.object({ cluster_name: z.string() })) });

/** Resolves when it is as good as certain that nobody uses these versions. @returns how many proxies do all the same */
export type Replaced = (versions: ReadonlySet<string>) => Promise<number>;

export class EdsDirectory {
  readonly path: string;
  readonly #region: string;
  readonly #replaced: Replaced;
  /** The version of each list, by its name. */
  readonly #written = new Map<string, string>();

  constructor(path: string, region: string, replaced: Replaced = () => Promise.resolve(0)) {
    this.path = path;
    this.#region = region;
    this.#replaced = replaced;
    mkdirSync(path, { recursive: true });
    this.#learn();
  }

  /** What an agent before this one wrote is in the proxies that it started. */
  #learn(): void {
    for (const entry of readdirSync(this.path, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile() || entry.name !== ENDPOINTS_FILE) continue;
      const text = readFileSync(join(entry.parentPath, entry.name), 'utf8');
      const list = listIn(text);
      const [resource] = list?.resources ?? [];
      if (list !== undefined && resource !== undefined) this.#written.set(resource.cluster_name, list.version_info);
    }
  }

  /** Makes the files of names that have none yet: an Envoy refuses a cluster whose endpoint file does not exist. */
  async ensure(names: Iterable<string>, complain: Complain): Promise<void> {
    const missing = [...names].filter((name) => !this.#written.has(name));
    if (missing.length > 0) await this.write(new Map(missing.map((name) => [name, []])), complain);
  }

  /**
   * Writes what changed, by rename, so that no Envoy ever reads half a file. Resolves when no Envoy uses what was there before.
   * @param endpoints by name; all that there are when they are `whole`
   * @returns the names whose file could not be written, each of which is complained about
   */
  async write(
    endpoints: ReadonlyMap<string, readonly Backend[]>,
    complain: Complain,
    { whole = false } = {},
  ): Promise<ReadonlySet<string>> {
    const former = new Set<string>();
    const failed = new Set<string>();
    // A name that is not among them any more has no endpoints.
    const emptied = whole ? [...this.#written.keys()].filter((name) => !endpoints.has(name)) : [];
    for (const [name, backends] of [...endpoints, ...emptied.map((one) => [one, []] as const)]) {
      const list = endpointsResource(name, backends, this.#region);
      const before = this.#written.get(name);
      if (before === list.version_info) continue;
      try {
        const target = join(this.path, edsFileName(name));
        await mkdir(dirname(target), { recursive: true });
        await moveInto(target, JSON.stringify(list));
        if (before !== undefined) former.add(before);
        this.#written.set(name, list.version_info);
      } catch (error) {
        failed.add(name);
        complain(name, `the endpoints of ${name} can't be written: ${oneLine(error)}`);
      }
    }
    const behind = await this.#replaced(former);
    if (behind > 0)
      complain('endpoints', `${String(behind)} proxies do not take up new endpoints: they may be stopped`);
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

function listIn(text: string): z.output<typeof List> | undefined {
  try {
    return List.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
