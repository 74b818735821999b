/** Runs a function once, in walls of its own that go with it. */
import { mkdir, rm } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import type { RequestListener } from 'node:http';
import type { Tools } from '../core/container-command.ts';
import {
  exited,
  functionContainer,
  functionEnvironment,
  timedOut,
  type Invocation,
  type Keys,
  type Outcome,
} from '../core/functions/invocation.ts';
import type { IssuedCertificate } from '../certificates/private-authority.ts';
import { extentOf, readLog } from '../../region/logs/log-parts.ts';
import { signalProcess } from '../runtime/command.ts';
import type { ContainerBody } from '../runtime/container-process.ts';
import { startImage } from '../runtime/image-container.ts';
import { makeFiles } from './function-files.ts';
import type { HostRuntime } from './host-runtime.ts';
import { RuntimeApi, type Answered } from './runtime-api.ts';
import { bucketName, openNetwork } from './walls-network.ts';

export interface FunctionMachine {
  readonly tools: Tools;
  readonly rootless: boolean;
  readonly region: string;
  readonly host: HostRuntime;
  /** Of the authority that functions trust, and of the bucket that they answer at. */
  readonly authority: string;
  readonly certificate: IssuedCertificate;
  readonly apis: RequestListener;
  readonly answers: RequestListener;
  readonly note: (message: string) => void;
}

/** Lambda's own for the start of a function: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html#runtimes-lifecycle-ib */
const INIT_MS = 10_000;
/** A busy machine takes longer than Lambda, whose functions have it to themselves. */
const SLOWER = 3;
/** After its answer a process goes on to its end, and writes its last lines. */
const END_MS = 200;
/** More than a person reads of one run. */
const LOG_BYTES = 1024 * 1024;

/** @param directory of this run alone. @throws Error when its walls can't be made */
export async function runFunction(
  invocation: Invocation,
  keys: Keys | undefined,
  directory: string,
  machine: FunctionMachine,
): Promise<Outcome> {
  const { host, region, rootless, tools } = machine;
  const id = invocation.id.replaceAll('-', '');
  const began = new Date();
  const milliseconds = invocation.timeoutSeconds * 1000;
  let expire = (): void => undefined;
  const late = new Promise<void>((done) => (expire = done));
  let timer = globalThis.setTimeout(expire, INIT_MS * SLOWER + milliseconds);
  const api = new RuntimeApi(invocation, () => {
    clearTimeout(timer);
    timer = globalThis.setTimeout(expire, milliseconds);
    return Date.now() + milliseconds;
  });
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const files = await makeFiles(directory, invocation, host, {
    authority: machine.authority,
    bucket: bucketName(region),
  });
  const network = await openNetwork({ ...machine, runtime: api.serve });
  let body: ContainerBody | undefined;
  try {
    const definition = functionContainer(invocation, host.programs);
    const stream = `${began.toISOString().slice(0, 10).replaceAll('-', '/')}/[${invocation.version}]${id}`;
    const environment = functionEnvironment(invocation, keys, region, stream);
    const taskDefinition = {
      ...{ arn: invocation.arn, family: 'function', revision: 1, cpu: undefined, memoryMiB: undefined },
      ...{ containers: [definition], unsupported: [] },
    };
    body = await startImage(
      definition,
      { entrypoint: [], cmd: [], env: [], user: '', workingDirectory: '/' },
      { environment, secrets: {}, mounts: host.mounts },
      { ...files, volumes: host.volumes },
      { id, hostname: 'function', taskDefinition },
      network.holder,
      { tools, rootless, note: machine.note },
    );
    if (body.failure !== undefined) throw new Error(body.failure.reason);
    const answered = await firstOf(body, api, invocation, late);
    if ('payload' in answered) await body.process.endsWithin(END_MS);
    return { ...answered, log: linesIn(files.logFile) };
  } finally {
    clearTimeout(timer);
    await endOf(body);
    network.close();
    await rm(directory, { recursive: true, force: true });
  }
}

async function firstOf(
  body: ContainerBody,
  api: RuntimeApi,
  invocation: Invocation,
  late: Promise<void>,
): Promise<Answered> {
  return Promise.race([
    api.answered,
    // Its last words may be on their way when it ended.
    body.process.exited.then(async ({ code }) => {
      await setTimeout(END_MS);
      return { error: exited(invocation.id, code) };
    }),
    late.then(() => ({ error: timedOut(invocation, invocation.id) })),
  ]);
}

/** SIGKILL, and the runtime's own end after it, which takes away what it made. */
async function endOf(body: ContainerBody | undefined): Promise<void> {
  const pid = body?.pid();
  if (pid !== undefined) signalProcess(pid, 'SIGKILL');
  await body?.process.endsWithin(INIT_MS);
}

/** The last of them, of a function that writes without end. */
const linesIn = (file: string): string => readLog(file, extentOf(file).end - LOG_BYTES).bytes.toString();
