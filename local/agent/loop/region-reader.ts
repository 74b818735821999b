/** Reads what is wanted of the region, and keeps what was read last. */
import type { Complain } from '../../region/complaints.ts';
import type { RegionState } from '../core/region-state.ts';
import type { LoadBalancerController } from '../load-balancers/load-balancer-controller.ts';
import type { ComplaintBook } from '../reports/complaint-book.ts';
import type { ScalingController } from '../services/scaling-controller.ts';
import type { ServiceController } from '../services/service-controller.ts';

export interface RegionReaderParts {
  readonly book: ComplaintBook;
  readonly readState: (complain: Complain) => Promise<RegionState>;
  readonly loadBalancers: Pick<LoadBalancerController, 'read'>;
  readonly services: Pick<ServiceController, 'readUnderWay'>;
  readonly scaling: Pick<ScalingController, 'read'>;
}

export class RegionReader {
  readonly #parts: RegionReaderParts;
  #state: RegionState | undefined;

  constructor(parts: RegionReaderParts) {
    this.#parts = parts;
  }

  /** Undefined until it could be read for the first time. */
  get state(): RegionState | undefined {
    return this.#state;
  }

  /** @returns whether everything was read; what was not stays as it was */
  async read(): Promise<boolean> {
    const { book, loadBalancers, readState, scaling, services } = this.#parts;
    const done = await Promise.all([
      book.step('state of the region', async (complain) => {
        this.#state = await readState(complain);
      }),
      book.step('reading load balancers', (complain) => loadBalancers.read(complain)),
      book.step('reading deployments', (complain) => services.readUnderWay(complain)),
      book.step('reading scaling', (complain) => scaling.read(complain)),
    ]);
    return done.every(Boolean);
  }
}
