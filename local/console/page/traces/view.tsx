/** Traces that came in; one of them is a page of its own. */
import { ChartGantt } from 'lucide';
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Traces, TraceSummary } from '../../protocol.ts';
import { clock, count, milliseconds } from '../format.ts';
import { State } from '../parts/state.tsx';
import { Table } from '../parts/table.tsx';
import { read, says } from '../state/api.ts';
import { href, route } from '../state/route.ts';
import { TracePage } from './trace.tsx';

/** Spans come in batches of seconds; asking more often shows nothing sooner. */
const EVERY_MS = 2_000;

export function TracesView(): JSX.Element {
  const { name } = route.value;
  return <div class="content">{name === undefined ? <TraceList /> : <TracePage key={name} traceId={name} />}</div>;
}

function TraceList(): JSX.Element {
  const [traces, setTraces] = useState<readonly TraceSummary[]>();
  const [problem, setProblem] = useState<string>();
  useEffect(() => {
    const look = (): void => {
      read<Traces>('/api/traces').then(
        (answer) => {
          setTraces(answer.traces);
          setProblem(undefined);
        },
        (error: unknown) => {
          setProblem(says(error));
        },
      );
    };
    look();
    const timer = setInterval(look, EVERY_MS);
    return () => {
      clearInterval(timer);
    };
  }, []);
  return (
    <>
      <h1>Traces</h1>
      {problem !== undefined && <p class="notice bad">{problem}</p>}
      {traces === undefined && problem === undefined && <State icon={ChartGantt} title="Looking for traces" busy />}
      {traces?.length === 0 && <NoTraces />}
      {traces !== undefined && traces.length > 0 && <TraceTable traces={traces} />}
    </>
  );
}

function NoTraces(): JSX.Element {
  return (
    <State icon={ChartGantt} title="No trace has come in">
      Services send spans when their app turns tracing on; the region takes them by OTLP. How to turn it on is in{' '}
      <code>docs/operations.md</code>.
    </State>
  );
}

function TraceTable({ traces }: { traces: readonly TraceSummary[] }): JSX.Element {
  const longest = Math.max(...traces.map(({ durationMs }) => durationMs), 0.001);
  return (
    <Table label="Traces" head={['Time', 'Request', 'Services', 'Spans', 'Errors', 'Took']}>
      {traces.map((trace) => (
        <tr key={trace.traceId}>
          <td class="mono">{clock(trace.at)}</td>
          <th scope="row">
            <a href={href('traces', trace.traceId)}>
              {trace.service} {trace.name}
            </a>
          </th>
          <td>{trace.services.join(', ')}</td>
          <td>{count(trace.spans)}</td>
          <td>{trace.errors > 0 ? <span class="badge bad">{trace.errors} failed</span> : 'none'}</td>
          <td class="took">
            <span class="took-bar" style={{ width: `${String((trace.durationMs / longest) * 100)}%` }} />
            {milliseconds(trace.durationMs)}
          </td>
        </tr>
      ))}
    </Table>
  );
}
