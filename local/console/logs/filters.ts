/** Which lines a filter lets through. Pure. */
import type { AccessLogFilter, AccessLogLine, ContainerLogFilter, ContainerLogLine } from '../protocol/logs.ts';

const has = (text: string, part: string | undefined): boolean =>
  part === undefined || text.toLowerCase().includes(part.toLowerCase());

export function matchesAccess(line: AccessLogLine, filter: AccessLogFilter): boolean {
  const digit = line.status === undefined ? undefined : String(Math.floor(line.status / 100));
  return (
    (filter.service === undefined || line.service === filter.service) &&
    (filter.direction === undefined || line.direction === filter.direction) &&
    (filter.status === undefined || digit === filter.status) &&
    line.durationMs >= (filter.minMs ?? 0) &&
    (filter.requestId === undefined || line.requestId === filter.requestId) &&
    has(line.raw, filter.text)
  );
}

export function matchesContainer(line: ContainerLogLine, filter: ContainerLogFilter): boolean {
  return (
    (filter.service === undefined || line.service === filter.service) &&
    (filter.container === undefined || line.container === filter.container) &&
    (filter.taskId === undefined || line.taskId.startsWith(filter.taskId)) &&
    has(line.text, filter.text)
  );
}
