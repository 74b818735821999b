/** A service or a load balancer on the map. */
import { Box, CircleQuestionMark, Waypoints } from 'lucide';
import type { JSX } from 'preact';
import type { Task } from '../../protocol.ts';
import { Icon } from '../parts/icon.tsx';
import { px, type Placed } from './layout.ts';
import { taskLook, taskSays, type MapNode } from './model.ts';

const NODE = { width: 208, height: 104 };
/** What has no tasks needs no place for them. */
const SMALL = { width: 184, height: 62 };
export const sizeOf = ({ kind }: MapNode): { width: number; height: number } => (kind === 'service' ? NODE : SMALL);

/** As many as a card has room for, beside a badge. */
const MOST_DOTS = 6;

const ICONS = { 'load-balancer': Waypoints, service: Box, address: CircleQuestionMark };

interface Props {
  readonly node: MapNode;
  readonly at: Placed;
  readonly pressed: boolean;
  readonly tabIndex: 0 | -1;
  readonly onPick: () => void;
}

export function NodeCard({ node, at, pressed, tabIndex, onPick }: Props): JSX.Element {
  const { width, height } = sizeOf(node);
  return (
    <button
      type="button"
      class={`node ${node.kind}`}
      data-id={node.id}
      aria-pressed={pressed}
      tabIndex={tabIndex}
      style={px({ left: at.x, top: at.y, width, height })}
      onClick={onPick}
    >
      <span class="node-head">
        <span class="node-icon">
          <Icon of={ICONS[node.kind]} />
        </span>
        <span class="node-names">
          <span class="name">{node.name}</span>
          <span class="node-sub">{node.subtitle}</span>
        </span>
      </span>
      {node.kind === 'service' && <Tasks node={node} />}
    </button>
  );
}

function Tasks({ node: { tasks, desired, badge } }: { node: MapNode }): JSX.Element {
  const running = tasks.filter(({ status, wanted }) => wanted && status === 'RUNNING').length;
  // A place for each task that is wanted and not there yet.
  const missing = Math.max(0, desired - tasks.filter(({ wanted }) => wanted).length);
  const counted = tasks.length + missing > MOST_DOTS;
  const zones = [...new Set(tasks.map(({ zone }) => zone))].sort();
  return (
    <span class="node-tasks">
      {zones.map((zone) => (
        <span class="zone" key={zone}>
          {zone.at(-1)}
          <Dots of={tasks.filter((task) => task.zone === zone)} counted={counted} />
        </span>
      ))}
      {counted && missing > 0 && (
        <>
          <span class="dot idle" title="wanted" />
          {missing}
        </>
      )}
      {!counted && Array.from({ length: missing }, (_, index) => <span key={index} class="dot idle" title="wanted" />)}
      <span>
        {running}/{desired} <span class="visually-hidden">tasks</span>
      </span>
      {badge !== undefined && <span class={`badge ${badge.tone}`}>{badge.text}</span>}
    </span>
  );
}

const LOOKS = ['ok', 'warn', 'bad', 'idle'] as const;

/** One for each task, or for each look that tasks have, with their number. */
function Dots({ of, counted }: { of: readonly Task[]; counted: boolean }): JSX.Element {
  if (!counted)
    return (
      <>
        {of.map((task) => (
          <span key={task.id} class={`dot ${taskLook(task)}`} title={`${task.zone}: ${taskSays(task)}`} />
        ))}
      </>
    );
  return (
    <>
      {LOOKS.flatMap((look) => {
        const alike = of.filter((task) => taskLook(task) === look);
        return alike.length === 0 ? [] : [<span key={look} class={`dot ${look}`} />, alike.length];
      })}
    </>
  );
}
