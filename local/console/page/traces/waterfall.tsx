/** One trace: each span a bar where and as long as it was, in its service's colour. */
import { CircleX } from 'lucide';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Span, Trace } from '../../protocol.ts';
import { milliseconds } from '../format.ts';
import { Facts } from '../parts/facts.tsx';
import { Icon } from '../parts/icon.tsx';
import { href } from '../state/route.ts';
import { rowsOf, type Row } from '../../span-rows.ts';

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
          <span class={`swatch color-${String(color)}`} />
          {span.error && <Icon of={CircleX} size={13} />}
          <b>{span.service}</b> <span>{span.name}</span> <span class="muted">{span.kind}</span>
        </button>
        <span class="track">
          <span
            class={`bar color-${String(color)} ${span.error ? 'failed' : ''}`}
            style={{ left: percent(span.startMs / whole), width: percent(span.durationMs / whole) }}
          />
          <span class="bar-time" style={{ left: percent((span.startMs + span.durationMs) / whole) }}>
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
      <Facts of={Object.entries(attributes).map(([name, value]) => [name, <Attribute name={name} value={value} />])} />
    </div>
  );
}

/** The id that proxies write too leads to their lines. */
function Attribute({ name, value }: { name: string; value: string }): JSX.Element {
  const code = <code>{value}</code>;
  return name === 'request_id' ? <a href={href('logs', undefined, { request: value })}>{code}</a> : code;
}
