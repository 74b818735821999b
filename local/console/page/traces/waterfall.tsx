/** One trace: each span a bar where and as long as it was, in its service's colour. */
import { CircleX } from 'lucide';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Span, Trace } from '../../protocol.ts';
import { milliseconds } from '../format.ts';
import { Facts } from '../parts/facts.tsx';
import { Icon } from '../parts/icon.tsx';
import { rowsOf, type Row } from './rows.ts';

const TICKS = [0, 0.25, 0.5, 0.75, 1];
/** As many as traces.css has. */
const COLORS = 5;

const percent = (share: number): string => `${(share * 100).toFixed(2)}%`;

export function Waterfall({ trace: { spans, durationMs } }: { trace: Trace }): JSX.Element {
  const rows = rowsOf(spans);
  const services = [...new Set(rows.map(({ span }) => span.service))];
  return (
    <div class="card waterfall">
      <div class="waterfall-row ticks" aria-hidden="true">
        <span />
        <span class="track">
          {TICKS.map((tick) => (
            <span key={tick} style={{ left: percent(tick) }}>
              {milliseconds(tick * durationMs)}
            </span>
          ))}
        </span>
      </div>
      <ol>
        {rows.map((row) => (
          <SpanRow
            key={row.span.spanId}
            row={row}
            whole={Math.max(durationMs, 0.001)}
            color={services.indexOf(row.span.service) % COLORS}
          />
        ))}
      </ol>
    </div>
  );
}

function SpanRow({ row: { span, depth }, whole, color }: { row: Row; whole: number; color: number }): JSX.Element {
  const [open, setOpen] = useState(false);
  const start = span.startMs / whole;
  // The time stands behind the bar, or before it where there is no room behind.
  const side =
    start + span.durationMs / whole > 0.85
      ? { right: percent(1 - start) }
      : { left: percent(start + span.durationMs / whole) };
  return (
    <li>
      <div class="waterfall-row">
        <button
          type="button"
          class="span-name"
          aria-expanded={open}
          style={{ paddingLeft: `${String(0.75 + depth)}rem` }}
          onClick={() => {
            setOpen(!open);
          }}
        >
          {span.error && <Icon of={CircleX} size={13} />}
          <b>{span.service}</b> <span>{span.name}</span> <span class="muted">{span.kind}</span>
        </button>
        <span class="track">
          <span
            class={`bar color-${String(color)} ${span.error ? 'failed' : ''}`}
            style={{ left: percent(start), width: percent(span.durationMs / whole) }}
          />
          <span class="bar-time" style={side}>
            {milliseconds(span.durationMs)}
          </span>
        </span>
      </div>
      {open && <Attributes span={span} />}
    </li>
  );
}

function Attributes({ span: { attributes } }: { span: Span }): JSX.Element {
  return (
    <div class="attributes">
      <Facts of={Object.entries(attributes).map(([name, value]) => [name, <code key={name}>{value}</code>])} />
    </div>
  );
}
