/** One resolver for each VPC, and the file from which it answers. */
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { moveInto } from '../../region/move-into.ts';
import type { ProcessIdentity } from '../../region/process-identity.ts';
import { resolverAddress, vpcZones, type NamesInput } from '../core/names/vpc-zones.ts';
import type { RegionState } from '../core/region-state.ts';
import type { ComplaintBook } from '../reports/complaint-book.ts';
import type { ResolverFiles, VpcResolver } from '../runtime/vpc-resolver.ts';
import type { VpcRouter } from '../runtime/vpc-router.ts';

export interface ResolverParts {
  /** For the files with zones. */
  readonly directory: string;
  readonly logDirectory: string;
  readonly region: string;
  readonly start: (router: VpcRouter, address: string, files: ResolverFiles) => Promise<VpcResolver>;
  /** When one ended. */
  readonly onChange: () => void;
  readonly log: (message: string) => void;
}

/** What the agent knows of names beside the region's state. */
export type OwnNames = Pick<NamesInput, 'balancers' | 'interfaces' | 'outside' | 'wantedTasks'>;

export class VpcResolvers {
  readonly #parts: ResolverParts;
  readonly #running = new Map<string, VpcResolver>();
  readonly #written = new Map<string, string>();
  #state: RegionState | undefined;

  constructor(parts: ResolverParts) {
    this.#parts = parts;
  }

  adopt(vpcId: string, resolver: VpcResolver): void {
    this.#keep(vpcId, resolver);
  }

  /** For the agent after this one. */
  identityOf(vpcId: string): ProcessIdentity | undefined {
    const resolver = this.#running.get(vpcId);
    return resolver?.running === true ? resolver.identity : undefined;
  }

  /** The state by which a VPC that is new has its resolver. */
  see(state: RegionState): void {
    this.#state = state;
  }

  /** Starts the resolver of a VPC whose router was just made, before a task asks it; the next pass tries what fails again. */
  async open(vpcId: string, router: VpcRouter): Promise<void> {
    const none = { balancers: new Map(), interfaces: [], wantedTasks: new Set<string>() };
    if (this.#state === undefined) return;
    await this.#keepOne(vpcId, router, this.#state, none, () => undefined).catch((error: unknown) => {
      this.#parts.log(`the resolver of ${vpcId} is started again: ${String(error)}`);
    });
  }

  /** Writes what each VPC sees now, and starts each resolver that is not there. */
  async keep(
    state: RegionState,
    own: OwnNames,
    routers: ReadonlyMap<string, VpcRouter>,
    book: ComplaintBook,
  ): Promise<void> {
    for (const [vpcId, resolver] of this.#running) if (!routers.has(vpcId)) this.#end(vpcId, resolver);
    await book.each(
      'names of VPCs',
      [...routers],
      ([vpcId]) => vpcId,
      ([vpcId, router], complain) => this.#keepOne(vpcId, router, state, own, complain),
    );
  }

  async #keepOne(
    vpcId: string,
    router: VpcRouter,
    state: RegionState,
    own: OwnNames,
    complain: Parameters<typeof vpcZones>[2],
  ): Promise<void> {
    const [cidr] = state.vpcCidrs.get(vpcId) ?? [];
    const resolver = this.#running.get(vpcId);
    // https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html#vpc-dns-support: then nobody answers
    if (cidr === undefined || state.names.vpcs.get(vpcId)?.support === false) {
      if (resolver !== undefined) this.#end(vpcId, resolver);
      return;
    }
    const { region } = this.#parts;
    const { names, namespaces } = state;
    await this.#write(vpcId, JSON.stringify(vpcZones(vpcId, { region, names, namespaces, ...own }, complain)));
    if (resolver?.running === true) return;
    await mkdir(this.#parts.logDirectory, { recursive: true, mode: 0o700 });
    this.#keep(vpcId, await this.#parts.start(router, resolverAddress(cidr), this.#files(vpcId)));
  }

  async #write(vpcId: string, text: string): Promise<void> {
    const file = this.#files(vpcId).zones;
    const last = this.#written.get(vpcId) ?? (await readFile(file, 'utf8').catch(() => undefined));
    if (last !== text) {
      await mkdir(this.#parts.directory, { recursive: true });
      await moveInto(file, text);
    }
    this.#written.set(vpcId, text);
  }

  #files(vpcId: string): ResolverFiles {
    return {
      zones: join(this.#parts.directory, `${vpcId}.json`),
      log: join(this.#parts.logDirectory, `${vpcId}.log`),
    };
  }

  #keep(vpcId: string, resolver: VpcResolver): void {
    this.#running.set(vpcId, resolver);
    void resolver.exited.then(() => {
      if (this.#running.get(vpcId) === resolver) this.#parts.onChange();
    });
  }

  #end(vpcId: string, resolver: VpcResolver): void {
    this.#running.delete(vpcId);
    this.#written.delete(vpcId);
    resolver.stop();
  }
}
