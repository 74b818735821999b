/** The page of one trace. */
import { ArrowLeft, ChartGantt } from 'lucide';
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Trace } from '../../protocol.ts';
import { clock, milliseconds } from '../format.ts';
import { Icon } from '../parts/icon.tsx';
import { State } from '../parts/state.tsx';
import { read, says } from '../state/api.ts';
import { href } from '../state/route.ts';
import { Waterfall } from './waterfall.tsx';

export function TracePage({ traceId }: { traceId: string }): JSX.Element {
  const [trace, setTrace] = useState<Trace>();
  const [problem, setProblem] = useState<string>();
  useEffect(() => {
    read<Trace>(`/api/traces/${encodeURIComponent(traceId)}`).then(setTrace, (error: unknown) => {
      setProblem(says(error));
    });
  }, [traceId]);
  const root = trace?.spans[0];
  return (
    <>
      <header class="page-head">
        <a class="back small" href={href('traces')}>
          <Icon of={ArrowLeft} size={14} /> Traces
        </a>
        <h1>{root === undefined ? 'Trace' : `${root.service} ${root.name}`}</h1>
        {trace !== undefined && (
          <span class="muted small">
            {milliseconds(trace.durationMs)} at {clock(trace.at)} <span class="mono">{traceId}</span>
          </span>
        )}
      </header>
      {problem !== undefined && (
        <State icon={ChartGantt} title="This trace can't be shown">
          {problem}
        </State>
      )}
      {trace !== undefined && <Waterfall trace={trace} />}
    </>
  );
}
