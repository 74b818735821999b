/** The agent's sign of life. It runs beside the passes: on a busy machine a pass may take longer than the control plane waits. */
import type { ControlPlaneChannel } from '../aws/control-plane-channel.ts';
import type { Changes } from './changes.ts';
import type { SideWork } from './side-work.ts';

/** The control plane takes an agent for gone after half a minute of silence. */
const HEARTBEAT_MS = 1_000;

export class Heartbeat implements SideWork {
  readonly #channel: Pick<ControlPlaneChannel, 'heartbeat'>;
  readonly #changes: Changes;
  #timer: NodeJS.Timeout | undefined;

  constructor(channel: Pick<ControlPlaneChannel, 'heartbeat'>, changes: Changes) {
    this.#channel = channel;
    this.#changes = changes;
  }

  /** The first beat is at once. */
  start(): void {
    this.stop();
    // When the control plane does not answer, the loop says so.
    this.#channel.heartbeat().catch(() => undefined);
    // Timers (retry times, grace periods, bake times) have no event of their own.
    this.#changes.note();
    this.#timer = setTimeout(() => {
      this.start();
    }, HEARTBEAT_MS);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
