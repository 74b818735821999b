/**
 * The reconcile loop: reads the region's state when it changed, and lets a pass make it real. Level-triggered: each pass
 * looks at the whole and does what is missing, so it does not matter which event was lost.
 */
import { setTimeout } from 'node:timers/promises';
import type { ControlPlaneChannel } from '../aws/control-plane-channel.ts';
import type { RegionState } from '../core/region-state.ts';
import { RouterLost } from '../network/vpc-network.ts';
import type { OrdersFile } from '../orders/orders-file.ts';
import { oneLine } from '../../region/one-line.ts';
import type { Changes } from './changes.ts';
import type { RegionReader } from './region-reader.ts';

/** How often the control plane is asked whether anything changed: a person does not notice a tenth of a second. */
const POLL_MS = 100;
/** The version of a state that was not read, or not whole. */
const UNREAD = -1;

export interface RegionWatchParts {
  readonly channel: Pick<ControlPlaneChannel, 'version'>;
  readonly changes: Changes;
  readonly orders: Pick<OrdersFile, 'look'>;
  readonly reader: Pick<RegionReader, 'read' | 'state'>;
  readonly former: {
    /** Whether enough is known of what is wanted: what an agent before this one started must not end for want of that. */
    readonly mayBeTakenOver: () => boolean;
    /** Called until it succeeds once. @throws Error before anything is done */
    readonly takeOver: (state: RegionState) => Promise<void>;
    /** Reports to the control plane which tasks are gone. */
    readonly report: () => Promise<void>;
  };
  /** Lets a restarted control plane be told everything: it may have lost the last moment, and forgets tasks. */
  readonly resync: () => void;
  readonly pass: (state: RegionState) => Promise<void>;
  readonly log: (message: string) => void;
}

export class RegionWatch {
  readonly #parts: RegionWatchParts;
  #version = UNREAD;
  #epoch: string | undefined;
  #lastComplaint = '';
  #tookOver = false;
  #formerTasksKnown = false;

  constructor(parts: RegionWatchParts) {
    this.#parts = parts;
  }

  /** Whether what was there before is taken over, so that passes may begin. */
  get ready(): boolean {
    return this.#formerTasksKnown;
  }

  /**
   * Runs until the process ends. What fails is told and tried again: the next pass looks at everything again.
   * @throws RouterLost when nothing that runs has a network any more: only a new agent helps
   */
  async run(onReady: () => void): Promise<never> {
    let told = false;
    for (;;) {
      const rest = await this.look();
      if (!told && this.ready) {
        told = true;
        onReady();
      }
      await setTimeout(rest);
    }
  }

  /**
   * Looks once, and lets a pass act where there is something to do. A control plane that does not answer keeps nothing from
   * what can be done without it.
   * @returns how many milliseconds there are until the next look
   */
  async look(): Promise<number> {
    const { changes, reader } = this.#parts;
    await this.#read();
    const { state } = reader;
    if (changes.pending && state !== undefined && this.#formerTasksKnown) {
      changes.take();
      await this.#pass(state);
    }
    return !changes.pending || this.#version === UNREAD ? POLL_MS : POLL_MS / 10;
  }

  async #read(): Promise<void> {
    const { changes, channel, log, orders, reader, resync } = this.#parts;
    try {
      if (orders.look()) changes.note();
      const { version, epoch } = await channel.version();
      if (this.#epoch !== undefined && epoch !== this.#epoch) {
        log('the control plane was restarted: it is told everything again');
        resync();
        this.#version = UNREAD;
      }
      this.#epoch = epoch;
      if (version !== this.#version) {
        this.#version = (await reader.read()) ? version : UNREAD;
        changes.note();
      }
      await this.#settleFormer(reader.state);
      this.#lastComplaint = '';
    } catch (error) {
      const complaint = `the region's state can't be read and is read again: ${oneLine(error)}`;
      if (complaint !== this.#lastComplaint) log(complaint);
      this.#lastComplaint = complaint;
      this.#version = UNREAD;
    }
  }

  /** Once: takes over what an agent before this one started, and tells what of it is gone. */
  async #settleFormer(state: RegionState | undefined): Promise<void> {
    const { former } = this.#parts;
    if (this.#formerTasksKnown || state === undefined || !former.mayBeTakenOver()) return;
    if (!this.#tookOver) await former.takeOver(state);
    this.#tookOver = true;
    await former.report();
    this.#formerTasksKnown = true;
  }

  async #pass(state: RegionState): Promise<void> {
    try {
      await this.#parts.pass(state);
    } catch (error) {
      if (error instanceof RouterLost) throw error;
      // Every step has a net of its own; what falls beside it must not end every task of the region.
      this.#parts.log(`a pass failed and is tried again: ${oneLine(error)}`);
    }
  }
}
