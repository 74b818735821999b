/** What goes on beside the passes for as long as the agent lives: looking, keeping logs, taking traces in, answering. */
import { join } from 'node:path';
import type { AgentConfig } from '../../region/agent-config.ts';
import { OBSERVATION_SOCKET } from '../../region/observation.ts';
import type { AwsClients } from '../aws/clients.ts';
import { SpanStore } from '../core/tracing/span-store.ts';
import { watchRoom } from '../disk-full.ts';
import type { TargetHealthWatch } from '../load-balancers/target-health-watch.ts';
import { CaptureTimes } from '../logs/capture-times.ts';
import { LogKeeper } from '../logs/log-keeper.ts';
import { LogShipper } from '../logs/log-shipper.ts';
import { Reserve } from '../logs/reserve.ts';
import { serveObservation } from '../observation/observation-server.ts';
import type { Observer } from '../observation/observer.ts';
import type { ComplaintBook } from '../reports/complaint-book.ts';
import { run as runCommand } from '../runtime/command.ts';
import type { Task } from '../runtime/task.ts';
import { receiveOtlp, type OtlpSockets } from '../tracing/otlp-receiver.ts';
import { SpanFile } from '../tracing/span-file.ts';
import type { Heartbeat } from './heartbeat.ts';

export interface SideWorkParts {
  readonly config: AgentConfig;
  readonly aws: AwsClients;
  readonly book: ComplaintBook;
  readonly tasks: ReadonlyMap<string, Task>;
  readonly health: Pick<TargetHealthWatch, 'start'>;
  readonly observer: Observer;
  readonly heartbeat: Pick<Heartbeat, 'start'>;
  readonly otlpSockets: OtlpSockets;
  readonly log: (message: string) => void;
}

/** @throws Error when spans can't be taken in: tasks that start would have no collector */
export async function startSideWork(parts: SideWorkParts): Promise<void> {
  const { aws, book, config, health, heartbeat, log, observer, otlpSockets, tasks } = parts;
  const run = join(config.stateDirectory, 'run');
  const logs = join(config.stateDirectory, 'logs');
  health.start();
  new LogShipper(aws.cloudWatchLogs, tasks, join(run, 'logs-sent.json'), log).start();
  new CaptureTimes(tasks).start();
  // Any of them may be a disk of its own.
  void watchRoom(book, [config.stateDirectory, run, logs]);
  void new LogKeeper({ directory: logs, tasks, book, reserve: new Reserve(runCommand) }).run();
  observer.start();
  /** The traces that came last, for whoever looks. */
  const spans = new SpanStore();
  serveObservation(join(run, OBSERVATION_SOCKET), observer, spans, book, log);
  const spanFile = new SpanFile(join(logs, 'spans.jsonl'));
  await receiveOtlp(otlpSockets, (received) => {
    spans.add(received);
    spanFile.add(received);
  });
  heartbeat.start();
}
