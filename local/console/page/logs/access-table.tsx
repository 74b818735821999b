/** Lines of access logs, with a way from each line to the whole of its request. */
import { ArrowDownLeft, ArrowUpRight } from 'lucide';
import type { JSX } from 'preact';
import type { AccessLogLine } from '../../protocol.ts';
import { nodeName } from '../../words.ts';
import { clock, milliseconds } from '../format.ts';
import { Icon } from '../parts/icon.tsx';
import { Table } from '../parts/table.tsx';
import { region } from '../state/live.ts';
import { href } from '../state/route.ts';

export function AccessTable({ lines }: { lines: readonly AccessLogLine[] }): JSX.Element {
  return (
    <Table label="Access log" head={['Time', 'Proxy of', 'Other side', 'Request', 'Status', 'Took', 'Request id']}>
      {lines.map((line) => (
        <AccessRow key={line.id} line={line} />
      ))}
    </Table>
  );
}

const statusTone = (status: number): string =>
  status === 0 || status >= 500 ? 'bad' : status >= 400 ? 'warn' : status >= 300 ? 'info' : 'ok';

function AccessRow({ line }: { line: AccessLogLine }): JSX.Element {
  const { at, service, taskId, zone, direction, peer, upstreamHost, method, path, durationMs, requestId, raw } = line;
  const { status = 0 } = line;
  return (
    <tr title={raw}>
      <td class="mono">{clock(at)}</td>
      <td class="nowrap">
        {service}{' '}
        <span class="mono muted">
          {zone.at(-1)} {taskId.slice(0, 6)}
        </span>
      </td>
      <td class="nowrap">
        <span class="direction">
          <Icon of={direction === 'egress' ? ArrowUpRight : ArrowDownLeft} size={14} />
          <span class="muted">{direction === 'egress' ? 'to' : 'from'}</span>{' '}
          {(peer && region.value && nodeName(peer, region.value)) ?? upstreamHost ?? 'outside'}
        </span>
      </td>
      <td class="mono">
        {method} {path}
      </td>
      <td>
        <span class={`badge ${statusTone(status)}`}>{status === 0 ? 'none' : status}</span>
      </td>
      <td class="nowrap">{milliseconds(durationMs)}</td>
      <td class="mono">
        {requestId === undefined ? (
          '–'
        ) : (
          <a href={href('logs', undefined, { request: requestId })} aria-label={`Request ${requestId}`}>
            {requestId.slice(0, 8)}
          </a>
        )}
      </td>
    </tr>
  );
}
