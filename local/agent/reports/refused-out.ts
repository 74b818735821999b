/** Tells services of what their tasks asked for outside of their VPC, and did not get. */
import { apiClients, type AttachedInterface } from '../network/vpc-network.ts';
import { outwardClients } from '../core/network/way-out.ts';
import { wayOutRefusal } from '../core/network/way-out-refusal.ts';
import type { OpenWays } from '../core/network/way-out-rules.ts';
import type { RegionState } from '../core/region-state.ts';
import { Repeating, type SideWork } from '../loop/side-work.ts';
import type { VpcRouter } from '../runtime/vpc-router.ts';
import type { ComplaintBook } from './complaint-book.ts';

/** A person who looks at `status` is told within that; the tables are small files. */
const PAUSE_MS = 2_000;
/** Of one service; more than that nobody reads. */
const MOST_TOLD = 5;

export interface RefusedOutParts {
  readonly book: Pick<ComplaintBook, 'round'>;
  readonly networks: { routers(): Promise<ReadonlyMap<string, Pick<VpcRouter, 'refusedOut'>>> };
  readonly inventory: { interfaces(): readonly AttachedInterface[] };
  readonly state: () => Pick<RegionState, 'routeTables' | 'vpcCidrs'> | undefined;
  readonly open: () => OpenWays;
}

export class RefusedOut implements SideWork {
  readonly #parts: RefusedOutParts;
  readonly #looking = new Repeating(() => this.look(), PAUSE_MS);

  constructor(parts: RefusedOutParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#looking.start();
  }

  stop(): void {
    this.#looking.stop();
  }

  async look(): Promise<void> {
    const { book, inventory, networks, open, state } = this.#parts;
    const known = state();
    if (known === undefined) return;
    const told = new Map<string, Set<string>>();
    for (const [vpcId, router] of await networks.routers()) {
      const own = inventory.interfaces().filter((one) => one.vpcId === vpcId);
      const services = new Map(own.flatMap(({ address, task }) => (task ? [[address, task.serviceArn]] : [])));
      const clients = outwardClients(apiClients(own), known);
      const input = { clients, vpcCidrs: known.vpcCidrs.get(vpcId) ?? [], open: open() };
      for (const row of router.refusedOut()) {
        const [service, why] = [services.get(row.from), wayOutRefusal(row, input)];
        if (service !== undefined && why !== undefined) told.set(service, (told.get(service) ?? new Set()).add(why));
      }
    }
    const round = book.round('ways out that were asked for');
    for (const [service, lines] of told)
      for (const line of [...lines].sort().slice(0, MOST_TOLD)) round.complain(service, line);
    round.end();
  }
}
