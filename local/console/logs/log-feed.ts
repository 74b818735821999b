/** Lines for one reader: filtered, in order, never more at once than a page can show. */
import { setTimeout } from 'node:timers/promises';
import { SIDECAR_NAME } from '../../region/sidecar-name.ts';
import type {
  AccessLogBatch,
  AccessLogFilter,
  AccessLogLine,
  ContainerLogBatch,
  ContainerLogFilter,
  ContainerLogLine,
  RequestView,
} from '../protocol/logs.ts';
import { parseAccessLog } from './access-log-line.ts';
import { matchesAccess, matchesContainer } from './filters.ts';
import { LogTail, type RawLine } from './log-files.ts';
import { inOrderOfCalls } from './request-order.ts';

/** What names in logs stand for, as of now. */
export interface LogNames {
  /** Service ids by the ECS service's name. */
  readonly services: ReadonlyMap<string, string>;
  /** Node ids by address. */
  readonly owners: ReadonlyMap<string, string>;
}

const EVERY_MS = 250;
/** A person reads fewer; the rest is counted. */
const MOST_AT_ONCE = 100;

const idOf = ({ file, id }: RawLine): string => `${file.taskId.slice(0, 12)}-${file.container}-${id}`;

function accessLine(raw: RawLine, names: LogNames): AccessLogLine | undefined {
  const { file, text } = raw;
  if (file.container !== SIDECAR_NAME) return undefined;
  const service = names.services.get(file.serviceName) ?? file.serviceName;
  return parseAccessLog(text, { id: idOf(raw), service, taskId: file.taskId, zone: file.zone, owners: names.owners });
}

function containerLine(raw: RawLine, names: LogNames): ContainerLogLine | undefined {
  const { file, time, text } = raw;
  // An access log line has a place of its own; the proxy's other words are a container's like any other.
  if (accessLine(raw, names) !== undefined) return undefined;
  return {
    id: idOf(raw),
    at: time,
    service: names.services.get(file.serviceName) ?? file.serviceName,
    taskId: file.taskId,
    container: file.container,
    text,
  };
}

const inOrder = (lines: readonly RawLine[]): RawLine[] => lines.toSorted((a, b) => a.at - b.at);

/** The first batch is the past; those after it come as lines come. */
async function* follow<Line>(
  make: (raw: RawLine) => Line | undefined,
  tail: number,
  signal: AbortSignal,
): AsyncGenerator<{ lines: Line[]; skipped: number }> {
  const files = new LogTail();
  for (let first = true; !signal.aborted; first = false) {
    const found = inOrder(files.look()).flatMap((raw) => make(raw) ?? []);
    const lines = found.slice(first && tail === 0 ? found.length : -(first ? tail : MOST_AT_ONCE));
    const skipped = first ? 0 : found.length - lines.length;
    if (first || lines.length > 0) yield { lines, skipped };
    await setTimeout(EVERY_MS, undefined, { signal }).catch(() => undefined);
  }
}

export function accessLog(
  filter: AccessLogFilter,
  names: () => LogNames,
  signal: AbortSignal,
): AsyncGenerator<AccessLogBatch> {
  const make = (raw: RawLine): AccessLogLine | undefined => {
    const line = accessLine(raw, names());
    return line !== undefined && matchesAccess(line, filter) ? line : undefined;
  };
  return follow(make, filter.tail, signal);
}

export function containerLog(
  filter: ContainerLogFilter,
  names: () => LogNames,
  signal: AbortSignal,
): AsyncGenerator<ContainerLogBatch> {
  const make = (raw: RawLine): ContainerLogLine | undefined => {
    const line = containerLine(raw, names());
    return line !== undefined && matchesContainer(line, filter) ? line : undefined;
  };
  return follow(make, filter.tail, signal);
}

/** Every line that carries a request's id, as far back as a log is looked through. */
export function requestView(requestId: string, names: LogNames): RequestView {
  const raw = inOrder(new LogTail().look().filter(({ text }) => text.includes(requestId)));
  return {
    requestId,
    lines: inOrderOfCalls(
      raw.flatMap((one) => accessLine(one, names) ?? []).filter((line) => line.requestId === requestId),
    ),
    containerLines: raw.flatMap((one) => containerLine(one, names) ?? []),
  };
}
