/** All that goes on beside the passes: looking, keeping logs, taking traces in, answering. */
import { join } from 'node:path';
import type { AgentConfig } from '../../region/agent-config.ts';
import { OBSERVATION_SOCKET } from '../../region/observation.ts';
import type { AwsClients } from '../aws/clients.ts';
import { SpanStore } from '../core/tracing/span-store.ts';
import { diskWatch } from '../disk/disk-watch.ts';
import { CaptureTimes } from '../logs/capture-times.ts';
import { LogKeeper } from '../logs/log-keeper.ts';
import { LogShipper } from '../logs/log-shipper.ts';
import type { Reserve } from '../logs/reserve.ts';
import { ObservationServer } from '../observation/observation-server.ts';
import type { Observer } from '../observation/observer.ts';
import type { ComplaintBook } from '../reports/complaint-book.ts';
import type { Task } from '../runtime/task.ts';
import { OtlpReceiver, type OtlpSockets } from '../tracing/otlp-receiver.ts';
import { SpanFile } from '../tracing/span-file.ts';
import { together, type SideWork } from './side-work.ts';

export interface SideWorkParts {
  readonly config: Pick<AgentConfig, 'stateDirectory'>;
  readonly aws: Pick<AwsClients, 'cloudWatchLogs'>;
  readonly book: Pick<ComplaintBook, 'each' | 'list' | 'step'>;
  readonly tasks: ReadonlyMap<string, Task>;
  readonly health: SideWork;
  readonly observer: Pick<Observer, 'intervals' | 'observe'> & SideWork;
  readonly heartbeat: SideWork;
  readonly functions: SideWork;
  readonly openNames: SideWork;
  readonly refusedOut: SideWork;
  readonly reserve: Pick<Reserve, 'hold' | 'keepOnly'>;
  readonly otlpSockets: OtlpSockets;
  readonly log: (message: string) => void;
}

/** Its start fails when spans can't be taken in: tasks that start would have no collector. */
export function allSideWork(parts: SideWorkParts): SideWork {
  const { aws, book, config, functions, health, heartbeat, log, observer, openNames, otlpSockets, refusedOut } = parts;
  const { reserve, tasks } = parts;
  const run = join(config.stateDirectory, 'run');
  const logs = join(config.stateDirectory, 'logs');
  /** The traces that came last, for the console. */
  const spans = new SpanStore();
  const spanFile = new SpanFile(join(logs, 'spans.jsonl'));
  return together([
    health,
    new LogShipper(aws.cloudWatchLogs, tasks, join(run, 'logs-sent.json'), log),
    new CaptureTimes(tasks),
    // Any of them may be a disk of its own.
    diskWatch(book, [config.stateDirectory, run, logs]),
    new LogKeeper({ directory: logs, tasks, book, reserve }),
    observer,
    new ObservationServer({ socket: join(run, OBSERVATION_SOCKET), observer, spans, book, log }),
    new OtlpReceiver(otlpSockets, (received) => {
      spans.add(received);
      spanFile.add(received);
    }),
    openNames,
    refusedOut,
    heartbeat,
    functions,
  ]);
}
