/** Ways to call from any task of the running region, and to look at its proxy. */
import { execFile, spawn } from 'node:child_process';
import { join } from 'node:path';
import { z } from 'zod';
import { namespacePid } from '../region/namespace-pid.ts';
import { enterAgent, enterNamespace } from '../region/enter-agent.ts';
import { RUN } from '../region/paths.ts';
import { requireRegion } from '../region/region-file.ts';
import { places } from '../region/places.ts';
import { runningTasks, tasksOf, type TaskFile } from '../region/tasks.ts';
import { STACK_NAME } from './testbed-stack.ts';
import { LoadResult } from './load-result.ts';

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Answer {
  /** 0 when there was no answer. */
  readonly status: number;
  readonly httpVersion: string;
  /** The instance that answered, if it was the testbed. */
  readonly instance: string;
  readonly body: string;
  readonly exitCode: number;
}

const Asked = z.array(z.object({ status: z.number(), instance: z.string() }));
const ASK = `
const [, url, times] = process.argv;
const answers = [];
for (let index = 0; index < Number(times); index++) {
  try {
    const response = await fetch(url);
    await response.text();
    answers.push({ status: response.status, instance: response.headers.get('x-instance') ?? '' });
  } catch {
    answers.push({ status: 0, instance: '' });
  }
}
console.log(JSON.stringify(answers));
`;

export interface LoadOptions {
  readonly url: string;
  readonly connections: number;
  readonly duration: number;
  /** How many requests, instead of how long. */
  readonly amount?: number;
  /** Requests per second over all connections, whether answers come or not. */
  readonly overallRate?: number;
  /** Seconds until a request counts as failed. */
  readonly timeout?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

export class Callers {
  /** The ECS service of a testbed service, or of any other by its discovery name. */
  serviceName(name: string): string {
    return this.#isTestbed(name) ? `${STACK_NAME}-${name}` : name;
  }

  #isTestbed(name: string): boolean {
    return runningTasks().some(({ serviceName }) => serviceName === `${STACK_NAME}-${name}`);
  }

  tasks(name: string): TaskFile[] {
    return tasksOf(runningTasks(), this.serviceName(name));
  }

  /** Which tasks a service has, as one value to compare. */
  taskIds(name: string): string {
    return this.tasks(name)
      .map(({ taskId }) => taskId)
      .sort()
      .join();
  }

  /** A command of this machine in the network of a task (by service or task id), of `internet` or of a load balancer node. */
  run(place: string, command: readonly string[], milliseconds = 60_000): Promise<Outcome> {
    const pid = namespacePid(this.serviceName(place));
    return execute(enterNamespace(requireRegion(), pid, command), milliseconds);
  }

  /** One of the load balancer's nodes: its place, and its address. */
  async loadBalancer(): Promise<{ readonly node: string; readonly address: string }> {
    const node = Object.keys(places()).find((name) => name.startsWith('load-balancer-'));
    if (node === undefined) throw new Error('the region has no load balancer');
    return { node, address: (await this.run(node, ['hostname', '-I'])).stdout.trim() };
  }

  /** What the admin interface of a task's proxy says. */
  protected async proxy({ taskId }: TaskFile, path: string): Promise<string> {
    const socket = join(RUN, 's', `${taskId.slice(0, 12)}.sock`);
    return (await execute(['curl', '-s', '--unix-socket', socket, `http://envoy${path}`], 10_000)).stdout;
  }

  /** A counter of a task's proxy. */
  async counter(task: TaskFile, name: string): Promise<number> {
    return Number(/: (\d+)/.exec(await this.proxy(task, `/stats?filter=^${name}$`))?.[1] ?? 0);
  }

  /** A command in the agent's namespaces, where process ids are those of the task files. */
  inAgent(command: readonly string[]): Promise<Outcome> {
    return execute(enterAgent(requireRegion(), command), 10_000);
  }

  /** A program for Node in the network of a task. */
  node(place: string, program: string, ...values: string[]): Promise<Outcome> {
    return this.run(place, [process.execPath, '--input-type=module', '-e', program, ...values]);
  }

  async curl(place: string, url: string, ...options: string[]): Promise<Answer> {
    const format = '\n%{http_code} %{http_version} %header{x-instance}';
    const command = ['curl', '-s', '-m', '20', ...options, '-w', format, url];
    const { stdout, code } = await this.run(place, command);
    const cut = stdout.lastIndexOf('\n');
    const [status = '0', httpVersion = '', instance = ''] = stdout.slice(cut + 1).split(' ');
    return { status: Number(status), httpVersion, instance, body: stdout.slice(0, Math.max(0, cut)), exitCode: code };
  }

  /** Asks again and again, one request after the other from one process: which instances answered, and how. */
  async ask(place: string, url: string, times: number): Promise<z.infer<typeof Asked>> {
    const { stdout, stderr } = await this.node(place, ASK, url, String(times));
    if (stdout === '') throw new Error(`${url} could not be asked from ${place}: ${stderr.trim()}`);
    return Asked.parse(JSON.parse(stdout));
  }

  /** A load from a place, or from this machine itself where none is named; ends by itself. */
  load(place: string | undefined, options: LoadOptions): Promise<LoadResult> {
    const loading = this.#load(place, options);
    // Most scenarios do something else before they look at it: that it failed must not end the whole run meanwhile.
    loading.catch(() => undefined);
    return loading;
  }

  async #load(place: string | undefined, options: LoadOptions): Promise<LoadResult> {
    const program = join(import.meta.dirname, 'load.mjs');
    const milliseconds = (options.duration + 60) * 1000;
    const command = [process.execPath, program, JSON.stringify(options)];
    const { stdout, stderr } = await (place === undefined
      ? execute(command, milliseconds)
      : this.run(place, command, milliseconds));
    const text = stdout.trim();
    if (text === '') throw new Error(`the load from ${place ?? 'this machine'} did not run: ${stderr.trim()}`);
    return LoadResult.parse(JSON.parse(text));
  }
}

function execute([file = '', ...args]: readonly string[], milliseconds: number): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(file, args, { timeout: milliseconds, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1;
      resolve({ code, stdout, stderr });
    });
  });
}

/** A program that runs beside a scenario until it is ended; at most a minute. */
export function beside([file = '', ...args]: readonly string[]): { readonly stop: () => void } {
  const child = spawn(file, args, { stdio: 'ignore', timeout: 60_000 });
  child.on('error', () => undefined);
  return { stop: () => child.kill('SIGKILL') };
}
