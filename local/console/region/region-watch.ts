/** Looks at the region each second for as long as somebody watches, and tells every watcher. */
import { setTimeout } from 'node:timers/promises';
import { SECONDS_KEPT } from '../../region/history.ts';
import type { Observation, ObservedInterval } from '../../region/observation.ts';
import { readOrders } from '../../region/orders.ts';
import { frontDoors } from '../../region/doors.ts';
import type { Region as RegionFile } from '../../region/region-file.ts';
import type { History, Second } from '../protocol/calls.ts';
import type { Region } from '../protocol/region.ts';
import { AwsWatch } from './aws-watch.ts';
import { intervalsAfter, observationNow } from '../../region/agent-client.ts';
import { composeRegion, nodeIds, type RegionInput } from './compose.ts';
import { secondOf } from './edges.ts';
import { AwsReader } from './read-aws.ts';

const EVERY_MS = 1_000;

export interface Look {
  readonly input: RegionInput;
  readonly region: Region;
  /** What came since the look before. */
  readonly seconds: readonly Second[];
}

const NOTHING_SEEN: Observation = { at: 0, tasks: [], loadBalancers: [], edges: [], denied: [], ejected: [] };

/** Every second of the last minutes, up to this look. */
export function historyOf({ input }: Look): History {
  const ids = nodeIds(input);
  return { seconds: input.intervals.map((interval) => secondOf(interval, input.observation.edges, ids)) };
}

export class RegionWatch {
  readonly #file: () => RegionFile;
  readonly #aws: AwsWatch;
  readonly #pause: (milliseconds: number) => Promise<unknown>;
  readonly #watchers = new Set<(look: Look) => void>();
  #intervals: ObservedInterval[] = [];
  #observation: Observation = NOTHING_SEEN;
  #agentAnswers = false;
  #looking: Promise<Look> | undefined;
  #isLooping = false;
  #last: Look | undefined;

  /**
   * @param file the region as it is written down now
   * @param aws reads what the AWS APIs say
   * @param pause in milliseconds, between looks
   */
  constructor(
    file: () => RegionFile,
    aws: Pick<AwsReader, 'read'> = new AwsReader(file()),
    pause: (milliseconds: number) => Promise<unknown> = setTimeout,
  ) {
    this.#file = file;
    this.#pause = pause;
    this.#aws = new AwsWatch(() => aws.read());
  }

  get latest(): Look | undefined {
    return this.#last;
  }

  /** The latest look, at most a second old. */
  async now(): Promise<Look> {
    if (this.#last !== undefined && Date.now() - this.#last.input.at < EVERY_MS) return this.#last;
    return this.#look();
  }

  /** Calls back at each look until the signal aborts. One loop looks for all, also while they come and go. */
  watch(watcher: (look: Look) => void, signal: AbortSignal): void {
    // A watcher that is gone already does not say so again.
    if (signal.aborted) return;
    this.#watchers.add(watcher);
    signal.addEventListener('abort', () => this.#watchers.delete(watcher));
    // The last one may be gone for less than a second, and the loop not know it yet.
    if (!this.#isLooping) void this.#loop();
  }

  async #loop(): Promise<void> {
    this.#isLooping = true;
    while (this.#watchers.size > 0) {
      const began = Date.now();
      try {
        await this.#look();
      } catch {
        // The control plane has not answered yet: the next look is a second away.
      }
      await this.#pause(Math.max(0, EVERY_MS - (Date.now() - began)));
    }
    this.#isLooping = false;
  }

  /** One look at a time, shared by all who ask. */
  #look(): Promise<Look> {
    this.#looking ??= this.#lookOnce().finally(() => (this.#looking = undefined));
    return this.#looking;
  }

  async #lookOnce(): Promise<Look> {
    const [aws, fresh] = await Promise.all([this.#aws.look(), this.#askAgent()]);
    const input: RegionInput = {
      at: Date.now(),
      region: this.#file(),
      ...aws,
      agentAnswers: this.#agentAnswers,
      observation: this.#observation,
      intervals: this.#intervals,
      doors: frontDoors(),
      orders: readOrders(),
    };
    const ids = nodeIds(input);
    const seconds = fresh.map((interval) => secondOf(interval, input.observation.edges, ids));
    const look = { input, region: composeRegion(input), seconds };
    this.#last = look;
    // It is for all that watch: its seconds come only once.
    for (const watcher of this.#watchers) watcher(look);
    return look;
  }

  async #askAgent(): Promise<ObservedInterval[]> {
    try {
      const fresh = await intervalsAfter(this.#intervals.at(-1)?.at ?? 0);
      this.#observation = await observationNow();
      this.#intervals = [...this.#intervals, ...fresh].slice(-SECONDS_KEPT);
      this.#agentAnswers = true;
      return fresh;
    } catch {
      this.#agentAnswers = false; // it starts again; what it said last stays
      return [];
    }
  }
}
