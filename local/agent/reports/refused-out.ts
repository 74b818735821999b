/** Tells services of what their tasks asked for outside of their VPC, and did not get. */
import { apiClients, type AttachedInterface } from '../network/vpc-network.ts';
import type { CountedRow } from '../core/network/denied.ts';
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
  readonly book: Pick<ComplaintBook, 'step'>;
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
    await this.#parts.book.step('ways out that were asked for', async (complain) => {
      for (const [service, lines] of await this.#asked()) for (const line of [...lines].sort()) complain(service, line);
    });
  }

  /** What each service is told. */
  async #asked(): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
    const { inventory, networks, open, state } = this.#parts;
    const known = state();
    const told = new Map<string, Set<string>>();
    if (known === undefined) return told;
    for (const [vpcId, router] of await networks.routers()) {
      const rows = sorted(router.refusedOut());
      if (rows.length === 0) continue;
      const own = inventory.interfaces().filter((one) => one.vpcId === vpcId);
      const services = new Map(own.flatMap(({ address, task }) => (task ? [[address, task.serviceArn]] : [])));
      const clients = outwardClients(apiClients(own), known);
      const input = { clients, vpcCidrs: known.vpcCidrs.get(vpcId) ?? [], open: open() };
      for (const row of rows) {
        const service = services.get(row.from);
        if (service === undefined) continue;
        const lines = told.get(service) ?? new Set<string>();
        // The kernel may count thousands: nobody judges what nobody reads.
        if (lines.size >= MOST_TOLD) continue;
        const why = wayOutRefusal(row, input);
        if (why !== undefined) told.set(service, lines.add(why));
      }
    }
    return told;
  }
}

/** Always in the same order, so that the same few are told while others come and go. */
const sorted = (rows: readonly CountedRow[]): CountedRow[] =>
  [...rows].sort((a, b) => a.to.localeCompare(b.to) || a.port - b.port);
