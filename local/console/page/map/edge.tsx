/** An edge: its line in the SVG, and its label, which is what one clicks. */
import { CircleAlert, CircleX, LockKeyhole, ShieldBan } from 'lucide';
import type { JSX } from 'preact';
import type { CallRates } from '../../protocol.ts';
import { count, milliseconds, rate, share } from '../format.ts';
import { Icon } from '../parts/icon.tsx';
import { edgeWidth, flowSeconds } from './edge-look.ts';
import { px, type Placed } from './layout.ts';
import type { MapEdge } from './model.ts';

export function EdgeLine({ edge, path, pressed }: { edge: MapEdge; path: string; pressed: boolean }): JSX.Element {
  const perSecond = edge.now?.requestsPerSecond ?? 0;
  const width = edgeWidth(perSecond);
  const flows = perSecond > 0 && edge.state !== 'denied';
  return (
    <g class={`edge ${edge.state}`} data-edge={edge.id}>
      {pressed && <path class="edge-halo" d={path} stroke-width={width + 8} />}
      <path class="edge-line" d={path} stroke-width={width} marker-end={`url(#arrow-${edge.state})`} />
      {flows && (
        <path
          class="edge-flow"
          d={path}
          stroke-width={Math.max(1.5, width * 0.5)}
          style={{ '--seconds': `${flowSeconds(perSecond).toFixed(2)}s` }}
        />
      )}
    </g>
  );
}

/** Arrow heads of one size whatever the line's width. */
export function Arrows(): JSX.Element {
  return (
    <defs>
      {(['idle', 'ok', 'warn', 'bad', 'denied'] as const).map((state) => (
        <marker
          key={state}
          id={`arrow-${state}`}
          class={`edge ${state}`}
          viewBox="0 0 10 10"
          refX="9"
          refY="5"
          markerUnits="userSpaceOnUse"
          markerWidth="13"
          markerHeight="13"
          orient="auto"
        >
          <path class="arrow" d="M0 0.5 10 5 0 9.5Z" />
        </marker>
      ))}
    </defs>
  );
}

interface LabelProps {
  readonly edge: MapEdge;
  readonly name: string;
  readonly at: Placed;
  readonly pressed: boolean;
  readonly tabIndex: 0 | -1;
  readonly onPick: () => void;
}

/** Its text is its name for those who hear it: who calls whom stands before what one sees, and TLS is said. */
export function EdgeLabel({ edge, name, at, pressed, tabIndex, onPick }: LabelProps): JSX.Element {
  const errors = edge.now?.errorShare ?? 0;
  const perSecond = edge.now?.requestsPerSecond ?? 0;
  return (
    <button
      type="button"
      class={`edge-label ${edge.state}`}
      data-id={edge.id}
      aria-pressed={pressed}
      tabIndex={tabIndex}
      style={px({ left: at.x, top: at.y })}
      title={edge.now === undefined ? undefined : inWords(edge.now)}
      onClick={onPick}
    >
      <span class="visually-hidden">{name}: </span>
      <First edge={edge} />
      {edge.state === 'denied' && (
        <span class="second">by security group{perSecond > 0 && ` · ${rate(perSecond)}`}</span>
      )}
      {edge.state !== 'idle' && edge.state !== 'denied' && (
        <span class="second">
          p99 {milliseconds(edge.now?.p99Ms)}
          {errors > 0 && <span class="share"> · {share(errors)} err</span>}
        </span>
      )}
    </button>
  );
}

/** What the label has no room for. */
const inWords = ({ p50Ms, p99Ms, activeConnections, retriesPerSecond }: CallRates): string =>
  [
    `p50 ${milliseconds(p50Ms)}, p99 ${milliseconds(p99Ms)}`,
    `${count(activeConnections)} connections`,
    `${rate(retriesPerSecond)} retries`,
  ].join(' · ');

const STATE_ICONS = { warn: CircleAlert, bad: CircleX, denied: ShieldBan, ok: undefined, idle: undefined };

function First({ edge: { state, now, tls, denied } }: { edge: MapEdge }): JSX.Element {
  const icon = STATE_ICONS[state];
  const text = state === 'denied' || state === 'idle' ? state : rate(now?.requestsPerSecond ?? 0);
  return (
    <span class="first">
      {icon !== undefined && <Icon of={icon} size={13} />}
      {text}
      {denied.length > 0 && state !== 'denied' && (
        <>
          <Icon of={ShieldBan} size={12} />
          <span class="visually-hidden"> with refused connections</span>
        </>
      )}
      {tls && (
        <>
          <Icon of={LockKeyhole} size={12} />
          <span class="visually-hidden"> with TLS</span>
        </>
      )}
    </span>
  );
}
