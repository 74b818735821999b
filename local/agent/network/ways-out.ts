/** One way out for each VPC, while anything is open. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isOpen, type Egress } from '../../region/outside.ts';
import { oneLine } from '../../region/one-line.ts';
import type { FormerWayOut } from '../core/ledger.ts';
import { LINK_LOCAL } from '../core/network/way-out-rules.ts';
import type { RegionState } from '../core/region-state.ts';
import { afterFailure, NO_FAILURES, type DeploymentFailures } from '../core/scheduler/circuit-breaker.ts';
import type { ComplaintBook } from '../reports/complaint-book.ts';
import type { UserNetwork } from '../runtime/user-network.ts';
import type { VpcRouter } from '../runtime/vpc-router.ts';

export interface WaysOutParts {
  readonly egress: () => Egress;
  readonly logDirectory: string;
  readonly start: (router: VpcRouter, host: boolean, logFile: string) => Promise<UserNetwork>;
  /** When one ended. */
  readonly onChange: () => void;
  readonly log: (message: string) => void;
  readonly now?: () => number;
}

export class WaysOut {
  readonly #parts: WaysOutParts;
  readonly #running = new Map<string, UserNetwork>();
  /** What made a start fail seldom goes away by itself, and each one adds to the log: the next ones wait as those of tasks do. */
  readonly #failed = new Map<string, DeploymentFailures>();
  readonly #now: () => number;

  constructor(parts: WaysOutParts) {
    this.#parts = parts;
    this.#now = parts.now ?? Date.now;
  }

  adopt(vpcId: string, network: UserNetwork): void {
    this.#keep(vpcId, network);
  }

  /** For the agent after this one. */
  ledger(vpcId: string): FormerWayOut | undefined {
    const network = this.#running.get(vpcId);
    return network?.running === true ? { process: network.identity, host: network.host } : undefined;
  }

  /** Opens that of a VPC whose router was just made, before a task wants it; the next pass tries what fails again. */
  async open(vpcId: string, router: VpcRouter, vpcCidrs: readonly string[]): Promise<void> {
    await this.#keepOne(vpcId, router, vpcCidrs).catch((error: unknown) => {
      this.#parts.log(`the way out of ${vpcId} is tried again: ${oneLine(error)}`);
    });
  }

  async keep(
    { vpcCidrs }: Pick<RegionState, 'vpcCidrs'>,
    routers: ReadonlyMap<string, VpcRouter>,
    book: Pick<ComplaintBook, 'each'>,
  ): Promise<void> {
    for (const [vpcId, network] of this.#running) if (!routers.has(vpcId)) await this.#end(vpcId, network);
    for (const vpcId of this.#failed.keys()) if (!routers.has(vpcId)) this.#failed.delete(vpcId);
    await book.each(
      'ways out of VPCs',
      [...routers],
      ([vpcId]) => `way out of ${vpcId}`,
      ([vpcId, router]) => this.#keepOne(vpcId, router, vpcCidrs.get(vpcId) ?? []),
    );
  }

  async #keepOne(vpcId: string, router: VpcRouter, vpcCidrs: readonly string[]): Promise<void> {
    await router.keepInward([...vpcCidrs, LINK_LOCAL]);
    const egress = this.#parts.egress();
    const network = this.#running.get(vpcId);
    const fits = isOpen(egress) && network?.host === egress.host;
    if (fits && network.running) return;
    if (network !== undefined) await this.#end(vpcId, network);
    if (!isOpen(egress)) {
      this.#failed.delete(vpcId);
      return;
    }
    this.#keep(vpcId, await this.#started(vpcId, router, egress.host));
    // The ledger has it from the next pass on.
    this.#parts.onChange();
  }

  /** @throws what the last try threw, until the next one is due */
  async #started(vpcId: string, router: VpcRouter, host: boolean): Promise<UserNetwork> {
    const failed = this.#failed.get(vpcId) ?? NO_FAILURES;
    if (this.#now() < failed.retryAt) throw new Error(failed.lastReason);
    const { logDirectory, start } = this.#parts;
    await mkdir(logDirectory, { recursive: true, mode: 0o700 });
    try {
      const network = await start(router, host, join(logDirectory, `${vpcId}.log`));
      this.#failed.delete(vpcId);
      return network;
    } catch (error) {
      this.#failed.set(vpcId, afterFailure(failed, oneLine(error), this.#now()));
      throw error;
    }
  }

  #keep(vpcId: string, network: UserNetwork): void {
    this.#running.set(vpcId, network);
    void network.exited.then(() => {
      if (this.#running.get(vpcId) === network) this.#parts.onChange();
    });
  }

  async #end(vpcId: string, network: UserNetwork): Promise<void> {
    this.#running.delete(vpcId);
    await network.stop();
  }
}
