/** A machine on which a task runs without a process: each step of it can fail, and what was done is told in order. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ContainerDefinition } from '../core/task-definition.ts';
import type { Exit } from '../runtime/command.ts';
import type { ContainerBody } from '../runtime/container-process.ts';
import type { EnvoyProcess } from '../runtime/envoy-process.ts';
import type { NamespaceHolder } from '../runtime/namespace-holder.ts';
import type { TaskContext } from '../runtime/task-context.ts';
import type { TaskEdges } from '../runtime/task-edges.ts';
import { fakeHolder } from './fake-holder.ts';
import { fakeProcess, type FakeProcess } from './fake-process.ts';
import { fakeProxy } from './fake-proxy.ts';

/** No machine has a process with such an id: 4,194,304 is the most. https://man7.org/linux/man-pages/man5/proc_pid_max.5.html */
const NOBODYS_PID = 5_000_000;

/** The steps of a start that can fail. */
export type Step = 'secrets' | 'image' | 'holder' | 'attach' | 'redirects' | 'proxy' | 'ready' | `start ${string}`;

export class FakeMachine {
  readonly directory = mkdtempSync(join(tmpdir(), 'task-'));
  /** What was done, in order. */
  readonly done: string[] = [];
  readonly fails = new Map<Step, Error>();
  /** Steps that take as long as somebody else says. */
  readonly waits = new Map<Step | 'withdrawn' | 'disconnected', Promise<void>>();
  /** Containers whose program never runs. */
  readonly neverRuns = new Map<string, NonNullable<ContainerBody['failure']>>();
  /** Containers and proxies that do not mind SIGTERM. */
  readonly stubborn = new Set<string>();
  /** What the health check of a container says; absent for one that passes. */
  readonly checks = new Map<string, boolean>();
  requestsInFlight = 0;
  readonly #processes = new Map<string, FakeProcess>();
  readonly #containers: readonly ContainerDefinition[];
  #endHolder: () => void = () => undefined;
  #lastPid = NOBODYS_PID;

  /** @param containers of the task that runs here */
  constructor(containers: readonly ContainerDefinition[]) {
    this.#containers = containers;
  }

  /** Ends something by itself: a container by its name, or `proxy`. */
  end(name: string, exit: Exit): void {
    this.#processes.get(name)?.end(exit);
  }

  endHolder(): void {
    this.#endHolder();
  }

  /** Takes the place of `process.kill`. */
  readonly kill = (pid: number, signal?: string | number): true => {
    for (const [name, process] of this.#processes)
      if (process.shown.pid === pid) this.#signal(name, process, String(signal) as NodeJS.Signals);
    return true;
  };

  logged(index: number, text: string): void {
    writeFileSync(join(this.directory, `log/${String(index)}.log`), text);
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }

  readonly edges: TaskEdges = {
    startHolder: async () => {
      await this.#step('holder');
      return this.#holder();
    },
    adoptHolder: () => this.#holder(),
    startProxy: async () => {
      await this.#step('proxy');
      return this.#proxy(false);
    },
    adoptProxy: () => this.#proxy(true),
    startContainer: async ({ name }) => {
      await this.#step(`start ${name}`);
      return this.#body(name);
    },
    adoptContainer: ({ name }) => Promise.resolve(this.#body(name)),
    run: async () => {
      await this.#step('redirects');
      return '';
    },
    listening: () => Promise.resolve(),
    disconnected: async (_, peers, seconds) => {
      this.done.push(`wait for ${peers.join(' ')} for at most ${String(seconds)} s`);
      await this.waits.get('disconnected');
      this.done.push('disconnected');
    },
  };

  readonly context: TaskContext = {
    router: {
      attach: async () => {
        await this.#step('attach');
      },
      detach: (addresses) => {
        this.done.push(`detach ${addresses.join(' ')}`);
        return Promise.resolve();
      },
    },
    onChange: () => undefined,
    withdrawn: async (dead) => {
      this.done.push(dead ? 'withdraw the dead' : 'withdraw');
      await this.waits.get('withdrawn');
      this.done.push('withdrawn');
    },
    deregistration: () => Promise.resolve({ balancers: ['10.0.9.4'], seconds: 30 }),
    envoyPath: '/envoy',
    image: async () => {
      await this.#step('image');
      return { root: this.directory, settings: { entrypoint: [], cmd: [], env: [], user: '', workingDirectory: '' } };
    },
    secrets: async () => {
      await this.#step('secrets');
      return {};
    },
    environment: () => ({}),
    endpointReady: () => Promise.resolve(),
    otlpSockets: { http: '/otlp-http', grpc: '/otlp-grpc' },
    socketDirectory: '/s',
    rootless: true,
    note: () => undefined,
    // Nothing here starts a program.
  } as Partial<TaskContext> as TaskContext;

  async #step(step: Step): Promise<void> {
    this.done.push(step);
    await this.waits.get(step);
    const error = this.fails.get(step);
    if (error !== undefined) throw error;
  }

  #signal(name: string, process: FakeProcess, signal: NodeJS.Signals): void {
    this.done.push(`${signal} ${name}`);
    if (signal === 'SIGKILL' || !this.stubborn.has(name)) process.end({ code: undefined, signal });
  }

  #process(name: string): FakeProcess {
    const process = fakeProcess(++this.#lastPid, (signal) => {
      this.#signal(name, process, signal);
    });
    this.#processes.set(name, process);
    return process;
  }

  #holder(): NamespaceHolder {
    const { shown, end } = fakeHolder(++this.#lastPid, () => {
      this.done.push('end the holder');
    });
    this.#endHolder = end;
    return shown;
  }

  #proxy(adopted: boolean): EnvoyProcess {
    const process = this.#process('proxy');
    return fakeProxy(adopted, process.shown, {
      ready: () => this.#step('ready'),
      post: (path) => this.done.push(path),
      requestsInFlight: () => this.requestsInFlight,
      stop: () => {
        this.#signal('proxy', process, 'SIGTERM');
      },
    });
  }

  #body(name: string): ContainerBody {
    const { shown, end } = this.#process(name);
    const failure = this.neverRuns.get(name);
    if (failure !== undefined) end({ code: failure.exitCode, signal: undefined });
    return {
      process: shown,
      logFile: join(this.directory, 'log', `${String(this.#containers.findIndex((one) => one.name === name))}.log`),
      failure,
      pid: () => (shown.running ? shown.pid : undefined),
      passes: () => Promise.resolve(this.checks.get(name) ?? true),
    };
  }
}
