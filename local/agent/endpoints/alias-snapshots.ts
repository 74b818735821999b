/** What each deployment's tasks can resolve: fixed when the deployment is first seen, also over a restart of the agent. */
import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { moveIntoSync } from '../../region/move-into.ts';
import type { ClientAlias } from '../core/mesh.ts';

const Alias = z
  .object({
    dnsName: z.string(),
    port: z.number(),
    discoveryName: z.string(),
    edsName: z.string(),
    serverName: z.string(),
    protocol: z.enum(['http', 'http2', 'grpc', 'tcp']),
    // JSON has no undefined: an absent request timeout is left out and comes back as undefined.
    timeouts: z
      .object({ perRequestSeconds: z.number().optional(), idleSeconds: z.number() })
      .transform((raw) => ({ perRequestSeconds: raw.perRequestSeconds, idleSeconds: raw.idleSeconds })),
    testHeader: z
      .object({ name: z.string(), exact: z.string().optional() })
      .transform(({ name, exact }) => ({ name, exact }))
      .optional(),
  })
  .transform((raw) => ({ ...raw, testHeader: raw.testHeader }));

export class AliasSnapshots {
  readonly #file: string;
  readonly #aliases: Map<string, readonly ClientAlias[]>;
  /** Whether the file lacks something: on a full disk it is written when there is room again. */
  #isBehind = false;

  constructor(file: string) {
    this.#file = file;
    this.#aliases = new Map(Object.entries(storedIn(file)));
  }

  of(deploymentId: string): readonly ClientAlias[] {
    return this.#aliases.get(deploymentId) ?? [];
  }

  /** Keeps the aliases of this moment unless the deployment has its own already. */
  keep(deploymentId: string, now: () => readonly ClientAlias[]): void {
    if (this.#aliases.has(deploymentId)) return;
    this.#aliases.set(deploymentId, now());
    this.#store();
  }

  /** Every list of endpoints that a task of one of the deployments asks for. */
  edsNames(): string[] {
    return [...this.#aliases.values()].flat().map(({ edsName }) => edsName);
  }

  /** Forgets deployments that are over. */
  keepOnly(deploymentIds: ReadonlySet<string>): void {
    const over = [...this.#aliases.keys()].filter((id) => !deploymentIds.has(id));
    for (const id of over) this.#aliases.delete(id);
    if (over.length > 0 || this.#isBehind) this.#store();
  }

  #store(): void {
    this.#isBehind = true;
    moveIntoSync(this.#file, JSON.stringify(Object.fromEntries(this.#aliases)));
    this.#isBehind = false;
  }
}

/** One that can't be read is made again, of this moment's aliases. */
function storedIn(file: string): Readonly<Record<string, readonly ClientAlias[]>> {
  if (!existsSync(file)) return {};
  try {
    return z.record(z.string(), z.array(Alias)).safeParse(JSON.parse(readFileSync(file, 'utf8'))).data ?? {};
  } catch {
    return {};
  }
}
