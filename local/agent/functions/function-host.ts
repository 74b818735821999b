/** Runs the functions of Lambda that the control plane asks for, each in a thread of work of its own. */
import { appendFile, mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import pRetry from 'p-retry';
import { oneLine } from '../../region/one-line.ts';
import { isControlPlaneGone } from '../aws/control-plane-gone.ts';
import type { ControlPlaneChannel } from '../aws/control-plane-channel.ts';
import type { Invocation, Keys, Outcome } from '../core/functions/invocation.ts';
import { Repeating, type SideWork } from '../loop/side-work.ts';

export interface FunctionHostParts {
  readonly channel: Pick<ControlPlaneChannel, 'functionsToRun' | 'functionRan'>;
  /** Those of its role. */
  readonly keys: (invocation: Invocation) => Promise<Keys>;
  /** @throws Error that says why it could not be run */
  readonly run: (invocation: Invocation, keys: Keys | undefined, directory: string) => Promise<Outcome>;
  /** Takes away what an agent before this one left of this run. */
  readonly remove: (directory: string) => Promise<void>;
  /** Each run has a directory there. */
  readonly directory: string;
  readonly logDirectory: string;
  readonly log: (message: string) => void;
  /** Between two attempts to reach a control plane that is gone. */
  readonly retryMs?: number;
}

/** A function takes half a second to start; nobody notices this beside it. */
const LOOK_MS = 200;
/** One that starts again takes seconds; who waits notices no more of it. */
const RETRY_MS = 1000;
/** Of a function's output: CloudWatch's log has as much of it, and the file under .highlands/logs all. A batch of events has 1 MiB. */
const SENT_CHARACTERS = 256 * 1024;
/** As many run at once on this machine; the others wait. Each is a process of its own. */
const AT_ONCE = 8;

export class FunctionHost implements SideWork {
  readonly #parts: FunctionHostParts;
  readonly #running = new Map<string, Promise<void>>();
  /** Those that ran and could not be told; they are not run again. */
  readonly #lost = new Set<string>();
  readonly #looking: Repeating;
  #stopped = false;

  constructor(parts: FunctionHostParts) {
    this.#parts = parts;
    this.#looking = new Repeating(() => this.#look(), LOOK_MS);
  }

  async start(): Promise<void> {
    const { directory, remove } = this.#parts;
    await mkdir(directory, { recursive: true, mode: 0o700 });
    for (const name of await readdir(directory)) await remove(join(directory, name));
    this.#looking.start();
  }

  stop(): void {
    this.#stopped = true;
    this.#looking.stop();
  }

  async #look(): Promise<void> {
    // When the control plane does not answer, the loop says so.
    const asked = await this.#parts.channel.functionsToRun([...this.#running.keys(), ...this.#lost]).catch(() => []);
    for (const invocation of asked) {
      if (this.#running.size >= AT_ONCE || this.#running.has(invocation.id)) continue;
      const run = this.#run(invocation).finally(() => this.#running.delete(invocation.id));
      this.#running.set(invocation.id, run);
    }
  }

  async #run(invocation: Invocation): Promise<void> {
    const { directory, keys, log, run } = this.#parts;
    const { id, name } = invocation;
    try {
      const own = await keys(invocation).catch((error: unknown) => {
        log(`function ${name} has no credentials: ${oneLine(error)}`);
        return undefined;
      });
      const outcome = await run(invocation, own, join(directory, id)).catch((error: unknown): Outcome => {
        log(`function ${name} could not be run: ${oneLine(error)}`);
        return { error: { errorType: 'Runtime.NotRun', errorMessage: oneLine(error) }, log: oneLine(error) };
      });
      await this.#keep(invocation, outcome);
      await this.#tell(invocation, { ...outcome, log: outcome.log.slice(-SENT_CHARACTERS) });
    } catch (error) {
      this.#lost.add(id);
      log(`what function ${name} answered is lost: ${oneLine(error)}`);
    }
  }

  /** As long as the control plane is gone; what it refuses is told as an error once. */
  async #tell({ id, name }: Invocation, outcome: Outcome): Promise<void> {
    const { channel, log, retryMs = RETRY_MS } = this.#parts;
    const tell = (told: Outcome): Promise<void> =>
      pRetry(() => channel.functionRan(id, told), {
        ...{ retries: Infinity, factor: 1, minTimeout: retryMs, unref: true },
        shouldRetry: ({ error }) => isControlPlaneGone(error) && !this.#stopped,
      });
    await tell(outcome).catch((error: unknown) => {
      if (this.#stopped || isControlPlaneGone(error)) throw error;
      log(`what function ${name} answered is refused: ${oneLine(error)}`);
      const errorMessage = `the control plane can't take its answer: ${oneLine(error)}`.slice(0, 1000);
      return tell({ error: { errorType: 'Runtime.NotTold', errorMessage }, log: '' });
    });
  }

  /** Its lines, as CloudWatch has them too; a disk that is full costs them, and no answer. */
  async #keep({ id, name }: Invocation, outcome: Outcome): Promise<void> {
    const failed = 'error' in outcome ? `${outcome.error.errorType}: ${outcome.error.errorMessage}\n` : '';
    const text = `START RequestId: ${id} ${new Date().toISOString()}\n${outcome.log}${failed}END RequestId: ${id}\n`;
    await mkdir(this.#parts.logDirectory, { recursive: true, mode: 0o700 })
      .then(() => appendFile(join(this.#parts.logDirectory, logName(name)), text))
      .catch((error: unknown) => {
        this.#parts.log(`the log of function ${name} is lost: ${oneLine(error)}`);
      });
  }
}

/** Lambda's own names are names of files; of any other only what is safe stays. */
const logName = (name: string): string => `${name.replaceAll(/[^\w-]/g, '_')}.log`;

/** @param remove takes a container away by force. What is left of a run: its container, and its files */
export async function removeRun(directory: string, remove: (directory: string) => Promise<unknown>): Promise<void> {
  await remove(directory).catch(() => undefined);
  await rm(directory, { recursive: true, force: true });
}
