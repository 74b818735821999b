/** Sends what containers and proxies log to the groups that their definitions name, as the awslogs driver does. */
import { readFileSync } from 'node:fs';
import {
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
  ResourceAlreadyExistsException,
  ResourceNotFoundException,
  type CloudWatchLogsClient,
} from '@aws-sdk/client-cloudwatch-logs';
import { z } from 'zod';
import { oneLine } from '../../region/one-line.ts';
import { containerLog } from '../core/container-logs.ts';
import { type AwsLogs } from '../../aws-shapes/awslogs.ts';
import { streamName } from '../core/logs/awslogs.ts';
import { SIDECAR_NAME } from '../../region/sidecar-name.ts';
import { moveInto } from '../../region/move-into.ts';
import { Repeating, type SideWork } from '../loop/side-work.ts';
import type { RunningTask } from '../runtime/running-task.ts';
import { LogTail } from './log-tail.ts';

/** A person who follows a log sees it move this often; the driver itself waits five seconds at most. */
const PAUSE_MS = 1_000;

interface Source {
  readonly tail: LogTail;
  readonly to: AwsLogs;
  readonly stream: string;
}

export class LogShipper implements SideWork {
  readonly #logs: CloudWatchLogsClient;
  readonly #tasks: ReadonlyMap<string, Pick<RunningTask, 'plan'>>;
  readonly #log: (message: string) => void;
  /** By task. A task that is over stays for one last look. */
  readonly #sources = new Map<string, readonly Source[]>();
  readonly #complaints = new Set<string>();
  readonly #file: string;
  /** How far an agent before this one sent each log file. */
  readonly #sent: ReadonlyMap<string, number>;
  #written = '';
  readonly #looking = new Repeating(() => this.#look(), PAUSE_MS);

  /** @param file keeps how far each log file is sent, for the agent after this one */
  constructor(
    logs: CloudWatchLogsClient,
    tasks: ReadonlyMap<string, Pick<RunningTask, 'plan'>>,
    file: string,
    log: (message: string) => void,
  ) {
    this.#logs = logs;
    this.#tasks = tasks;
    this.#file = file;
    this.#sent = sentIn(file);
    this.#log = log;
  }

  /** Looks at once, and then every second. */
  start(): void {
    this.#looking.start();
  }

  /** A look that is under way goes on to its end. */
  stop(): void {
    this.#looking.stop();
  }

  async #look(): Promise<void> {
    for (const [id, task] of this.#tasks)
      if (!this.#sources.has(id)) this.#sources.set(id, sourcesOf(task, this.#sent));
    for (const [id, sources] of this.#sources) {
      const over = !this.#tasks.has(id);
      for (const source of sources) await this.#ship(source);
      if (over) this.#sources.delete(id);
    }
    await this.#store().catch((error: unknown) => {
      this.#complain(`${this.#file} can't be written: ${oneLine(error)}`);
    });
  }

  async #store(): Promise<void> {
    // Until tasks are taken over, what an agent before this one wrote is what is known.
    if (this.#written === '' && this.#sources.size === 0) return;
    const tails = [...this.#sources.values()].flat().map(({ tail }) => [tail.path, tail.offset] as const);
    const text = JSON.stringify(Object.fromEntries(tails));
    if (text === this.#written) return;
    await moveInto(this.#file, text);
    this.#written = text;
  }

  #complain(complaint: string): void {
    if (!this.#complaints.has(complaint)) this.#log(complaint);
    this.#complaints.add(complaint);
  }

  async #ship({ tail, to, stream }: Source): Promise<void> {
    try {
      const lines = tail.newLines();
      if (lines.length === 0) return;
      const timestamp = Date.now();
      const put = new PutLogEventsCommand({
        logGroupName: to.group,
        logStreamName: stream,
        logEvents: lines.map((message) => ({ timestamp, message })),
      });
      try {
        await this.#logs.send(put);
      } catch (error) {
        if (!(error instanceof ResourceNotFoundException)) throw error;
        await this.#make(to, stream);
        await this.#logs.send(put);
      }
      tail.taken();
    } catch (error) {
      this.#complain(`logs of ${stream} do not reach ${to.group}: ${oneLine(error)}`);
    }
  }

  async #make({ group: logGroupName, createGroup }: AwsLogs, logStreamName: string): Promise<void> {
    const already = (error: unknown): void => {
      if (!(error instanceof ResourceAlreadyExistsException)) throw error;
    };
    if (createGroup) await this.#logs.send(new CreateLogGroupCommand({ logGroupName })).catch(already);
    await this.#logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName })).catch(already);
  }
}

/** Without a file that can be read every log is sent from its beginning. */
function sentIn(file: string): ReadonlyMap<string, number> {
  try {
    return new Map(Object.entries(z.record(z.string(), z.number()).parse(JSON.parse(readFileSync(file, 'utf8')))));
  } catch {
    return new Map();
  }
}

function sourcesOf({ plan }: Pick<RunningTask, 'plan'>, sent: ReadonlyMap<string, number>): Source[] {
  const containers = plan.taskDefinition.containers.map(({ name, logs }) => ({ name, logs }));
  const proxy = { name: SIDECAR_NAME, logs: plan.deployment.serviceConnect?.logs };
  return [...containers, proxy].flatMap(({ name, logs }) =>
    logs === undefined
      ? []
      : {
          tail: new LogTail(containerLog(plan, name), sent.get(containerLog(plan, name))),
          to: logs,
          stream: streamName(logs, name, plan.id),
        },
  );
}
