/** Lines of access logs, with a way from each line to the whole of its request. */
import { ArrowDownLeft, ArrowUpRight } from 'lucide';
import type { JSX } from 'preact';
import type { AccessLogLine } from '../../protocol.ts';
import { nodeName } from '../../words.ts';
import { bytes, clock, milliseconds } from '../format.ts';
import { Icon } from '../parts/icon.tsx';
import { Table } from '../parts/table.tsx';
import { region } from '../state/live.ts';
import { here } from '../state/route.ts';
import { statusOf } from './status.ts';

const HEAD = ['Time', 'Proxy of', 'Other side', 'Request', 'Status', 'Took', 'Bytes in / out', 'Request id'];

export function AccessTable({ lines }: { lines: readonly AccessLogLine[] }): JSX.Element {
  return (
    <Table label="Access log" head={HEAD}>
      {lines.map((line) => (
        <AccessRow key={line.id} line={line} />
      ))}
    </Table>
  );
}

function AccessRow({ line }: { line: AccessLogLine }): JSX.Element {
  const { at, service, taskId, zone, direction, peer, upstreamHost, method, path, durationMs, requestId, raw } = line;
  const said = statusOf(line);
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
      <td>{said === undefined ? '–' : <span class={`badge ${said.tone}`}>{said.text}</span>}</td>
      <td class="nowrap">{milliseconds(durationMs)}</td>
      <td class="nowrap">
        {bytes(line.bytesReceived)} / {bytes(line.bytesSent)}
      </td>
      <td class="mono">
        {requestId === undefined ? (
          '–'
        ) : (
          <a href={here({ request: requestId })} aria-label={`Request ${requestId}`}>
            {requestId.slice(0, 8)}
          </a>
        )}
      </td>
    </tr>
  );
}
