/** A machine on which a task runs without a process: each step of it can fail, and what was done is told in order. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Sidecar } from '../core/mesh.ts';
import type { ContainerDefinition } from '../core/region-state.ts';
import type { Exit, LongRunning } from '../runtime/command.ts';
import type { ContainerBody } from '../runtime/container-process.ts';
import type { EnvoyProcess } from '../runtime/envoy-process.ts';
import type { NamespaceHolder } from '../runtime/namespace-holder.ts';
import type { TaskContext } from '../runtime/task-context.ts';
import type { TaskEdges } from '../runtime/task-edges.ts';

/** Everything that a class shows. A class with private members is no interface by itself. */
type Shown<T> = Pick<T, keyof T>;

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
    otlpSockets: { http: '/otlp-http', grpc: '/otlp-grpc' },
    socketDirectory: '/s',
    rootless: true,
    note: () => undefined,
    // Nothing here starts a program.
  } as Partial<TaskContext> as TaskContext;

  /** A proxy of a service that one other one calls. */
  sidecar(): Sidecar {
    const timeouts = { perRequestSeconds: 10, idleSeconds: 300 };
    const common = { discoveryName: 'own', edsName: 'ns.own', protocol: 'http', timeouts } as const;
    return {
      ...{ taskId: 'task', clusterName: 'c', serviceName: 'a', region: 'us-east-1', zone: 'us-east-1a', zoneCount: 2 },
      ...{ egressPort: 15_000, localEdsName: 'ns.own', accessLog: undefined, vpcCidrs: ['10.0.0.0/16'] },
      aliases: [{ ...common, dnsName: 'own', port: 8080, serverName: 'own.ns', testHeader: undefined }],
      ingress: [{ ...common, containerPort: 3000, listenerPort: 15_001, intercept: true, tls: false }],
      adminSocketPath: join(this.directory, 'admin.sock'),
      ...{ edsDirectory: this.directory, tlsDirectory: this.directory },
      configDirectory: join(this.directory, 'run/proxy'),
    };
  }

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
    const pid = ++this.#lastPid;
    let running = true;
    const holder: Shown<NamespaceHolder> = {
      identity: { pid, born: 0 },
      pid,
      get running() {
        return running;
      },
      exited: new Promise((resolve) => {
        this.#endHolder = () => {
          running = false;
          resolve();
        };
      }),
      enter: (command) => [...command],
      stop: () => {
        this.done.push('end the holder');
        this.#endHolder();
      },
    };
    return holder as NamespaceHolder;
  }

  #proxy(adopted: boolean): EnvoyProcess {
    const process = this.#process('proxy');
    const proxy: Shown<EnvoyProcess> = {
      adopted,
      process: process.shown,
      live: true,
      ready: () => this.#step('ready'),
      admin: (method, path) => {
        // Whether it took what it was given, it does not say.
        if (method === 'GET') return Promise.reject(new Error('no answer'));
        this.done.push(path);
        return Promise.resolve('');
      },
      setRuntime: () => Promise.resolve(),
      gauge: () => Promise.resolve(this.requestsInFlight),
      stop: () => {
        this.#signal('proxy', process, 'SIGTERM');
        return Promise.resolve();
      },
    };
    return proxy as EnvoyProcess;
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

interface FakeProcess {
  readonly shown: LongRunning;
  readonly end: (exit: Exit) => void;
}

function fakeProcess(pid: number, onSignal: (signal: NodeJS.Signals) => void): FakeProcess {
  let exit: Exit | undefined;
  let resolveExit: (exit: Exit) => void = () => undefined;
  const exited = new Promise<Exit>((resolve) => (resolveExit = resolve));
  const shown: Shown<LongRunning> = {
    identity: { pid, born: 0 },
    pid,
    exited,
    get running() {
      return exit === undefined;
    },
    get exit() {
      return exit;
    },
    signal: (signal) => {
      if (exit === undefined) onSignal(signal);
    },
    endsWithin: (milliseconds) =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, milliseconds, false);
        void exited.then(() => {
          clearTimeout(timer);
          resolve(true);
        });
      }),
  };
  return {
    shown: shown as LongRunning,
    end: (how) => {
      if (exit !== undefined) return;
      exit = how;
      resolveExit(how);
    },
  };
}
