/** An Envoy in a namespace: started, asked through its admin socket, ended. */
import { readFile, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import pWaitFor from 'p-wait-for';
import type { ProcessIdentity } from '../../region/process-identity.ts';
import { askSocket } from '../../region/socket-http.ts';
import type { EnvoyConfig } from '../core/mesh.ts';
import { LongRunning } from './command.ts';
import type { NamespaceHolder } from './namespace-holder.ts';

export interface EnvoyFiles {
  readonly binary: string;
  readonly configFile: string;
  readonly adminSocket: string;
  readonly logFile: string;
}

export class EnvoyProcess {
  /** Whether another agent started it: then it has counted, and has been told, what this one does not know. */
  readonly adopted: boolean;
  readonly #files: EnvoyFiles;
  readonly #process: LongRunning;
  #live: boolean;

  private constructor(files: EnvoyFiles, process: LongRunning, adopted = false) {
    this.#files = files;
    this.#process = process;
    this.adopted = adopted;
    this.#live = adopted;
  }

  /** Takes over one that was LIVE when another agent wrote it down. */
  static adopt(files: EnvoyFiles, identity: ProcessIdentity): EnvoyProcess {
    return new EnvoyProcess(files, LongRunning.adopt(identity), true);
  }

  /**
   * @param holder whose namespaces it runs in; undefined for the agent's own, with the host's network
   * @param asUser makes a command run as another user
   */
  static async start(
    holder: NamespaceHolder | undefined,
    files: EnvoyFiles,
    config: EnvoyConfig,
    asUser = (command: readonly string[]): readonly string[] => command,
  ): Promise<EnvoyProcess> {
    await writeFile(files.configFile, JSON.stringify(config, undefined, 1));
    const options = [
      ...['-c', files.configFile],
      // Many Envoys on one machine would share the hot-restart memory of base id 0.
      '--disable-hot-restart',
      // As Service Connect starts it: two worker threads and 20 s of drain time.
      ...['--concurrency', '2'],
      ...['--drain-time-s', '20'],
      // The default of 10 s would let `logs --follow` lag.
      ...['--file-flush-interval-msec', '200'],
      ...['-l', 'warning'],
    ];
    const process =
      holder === undefined
        ? LongRunning.start(files.binary, options, files.logFile)
        : LongRunning.start('nsenter', holder.enter(asUser([files.binary, ...options])), files.logFile);
    return new EnvoyProcess(files, process);
  }

  get process(): LongRunning {
    return this.#process;
  }

  /** Whether it said LIVE and still runs. */
  get live(): boolean {
    return this.#live && this.#process.running;
  }

  /** Resolves when Envoy says LIVE. @throws Error when it ends or isn't live within 30 s (it takes about 70 ms) */
  async ready(): Promise<void> {
    await pWaitFor(
      async () => {
        if (!this.#process.running) throw new Error(await this.#whyEnded());
        return (await this.admin('GET', '/ready').catch(() => '')).startsWith('LIVE');
      },
      { interval: 15, timeout: 30_000 },
    );
    this.#live = true;
  }

  async #whyEnded(): Promise<string> {
    const { logFile } = this.#files;
    return (await readFile(logFile, 'utf8')).includes('fs.inotify.max_user_instances')
      ? 'Envoy found no more inotify instances: allow more with `sudo sysctl fs.inotify.max_user_instances=1024`'
      : `Envoy ended while starting, see ${logFile}`;
  }

  /** Calls the admin interface and returns the body. @param timeout milliseconds; five seconds are for a busy machine */
  async admin(method: 'GET' | 'POST', path: string, timeout = 5_000): Promise<string> {
    const call = { socketPath: this.#files.adminSocket, method, path, timeout };
    const { body } = await askSocket(call, 'the Envoy admin interface does not answer');
    return body;
  }

  /** Sets runtime values, at once and without a restart; an empty value takes one back. */
  async setRuntime(values: Readonly<Record<string, string>>): Promise<void> {
    await this.admin('POST', `/runtime_modify?${new URLSearchParams(values).toString()}`);
  }

  /** The sum of all gauges whose names match. */
  async gauge(filter: string): Promise<number> {
    const answer = z
      .object({ stats: z.array(z.object({ value: z.number().optional() })) })
      .parse(JSON.parse(await this.admin('GET', `/stats?format=json&filter=${encodeURIComponent(filter)}`)));
    return answer.stats.reduce((sum, stat) => sum + (stat.value ?? 0), 0);
  }

  /** SIGTERM, then SIGKILL after five seconds: by now nothing is in flight. */
  async stop(): Promise<void> {
    this.#process.signal('SIGTERM');
    if (!(await this.#process.endsWithin(5_000))) this.#process.signal('SIGKILL');
  }
}
