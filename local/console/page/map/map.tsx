/** The map itself: cards and labels as buttons, lines below them, fitted to the room there is. */
import type { JSX } from 'preact';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { Arrows, EdgeLabel, EdgeLine } from './edge.tsx';
import { edgeName, neighbour } from './keys.ts';
import { layOut, px, type Direction } from './layout.ts';
import type { MapModel } from './model.ts';
import { NodeCard, sizeOf } from './node.tsx';

/** Text stays readable; below that the map scrolls. */
const LEAST_SCALE = 0.75;
const MOST_SCALE = 1.15;
/** Narrower than this the map goes from top to bottom. */
const NARROW = 760;

export interface MapProps {
  readonly model: MapModel;
  readonly selected: string | undefined;
  readonly onSelect: (id: string | undefined) => void;
}

export function ServiceMap({ model, selected, onSelect }: MapProps): JSX.Element {
  const scroll = useRef<HTMLDivElement>(null);
  const room = useRoom(scroll);
  const direction: Direction = room.width < NARROW ? 'TB' : 'LR';
  // Traffic changes every second, the graph's shape seldom: only that is laid out again.
  const shape = [
    ...model.nodes.map(({ id }) => id),
    ...model.edges.map(({ id, aside }) => (aside ? `${id} aside` : id)),
    direction,
  ].join('|');
  const layout = useMemo(
    () =>
      layOut(
        model.nodes.map((node) => ({ id: node.id, ...sizeOf(node) })),
        model.edges,
        direction,
      ),
    [shape],
  );
  const [at, setAt] = useState<string>();
  const first = at ?? model.nodes[0]?.id;
  const onKeyDown = (event: KeyboardEvent): void => {
    const next = first === undefined ? undefined : neighbour(event.key, first, model, layout);
    if (next === undefined) return;
    event.preventDefault();
    focusOn(next);
  };
  const focusOn = (id: string): void => {
    setAt(id);
    scroll.current?.querySelector<HTMLElement>(`[data-id="${CSS.escape(id)}"]`)?.focus();
  };
  // The focus that was in a panel goes back to where it came from when the panel goes away.
  const before = useRef(selected);
  useEffect(() => {
    const id = selected ?? before.current;
    before.current = selected;
    if (id !== undefined && document.activeElement === document.body) focusOn(id);
  }, [selected]);
  // From top to bottom the page is as long as the map.
  const fit = Math.min(room.width / layout.width, direction === 'TB' ? 1 : room.height / layout.height);
  const scale = Math.max(LEAST_SCALE, Math.min(MOST_SCALE, fit));
  const common = (id: string) => ({
    pressed: selected === id,
    tabIndex: id === first ? (0 as const) : (-1 as const),
    onPick: () => {
      setAt(id);
      onSelect(selected === id ? undefined : id);
    },
  });
  const nameOf = (id: string): string => model.nodes.find((node) => node.id === id)?.name ?? id;
  return (
    <div class="map-scroll" ref={scroll}>
      <div
        class="map"
        role="group"
        aria-label="Service map: arrow keys follow the calls, Enter opens"
        style={px({ width: layout.width * scale, height: layout.height * scale })}
        onKeyDown={onKeyDown}
      >
        <div
          class="map-scaled"
          style={{ ...px({ width: layout.width, height: layout.height }), transform: `scale(${String(scale)})` }}
        >
          <svg class="edges" width={layout.width} height={layout.height} aria-hidden="true">
            <Arrows />
            {model.edges.map((edge) => (
              <EdgeLine
                key={edge.id}
                edge={edge}
                path={layout.edges.get(edge.id)?.path ?? ''}
                pressed={selected === edge.id}
              />
            ))}
          </svg>
          {model.nodes.map((node) => (
            <NodeCard key={node.id} node={node} at={layout.nodes.get(node.id) ?? ORIGIN} {...common(node.id)} />
          ))}
          {model.edges.map((edge) => (
            <EdgeLabel
              key={edge.id}
              edge={edge}
              name={edgeName({ from: nameOf(edge.from), to: nameOf(edge.to), via: edge.via })}
              at={layout.edges.get(edge.id)?.label ?? ORIGIN}
              {...common(edge.id)}
            />
          ))}
        </div>
      </div>
    </div>
  );
}

const ORIGIN = { x: 0, y: 0 };

function useRoom(element: { readonly current: HTMLElement | null }): { width: number; height: number } {
  const [room, setRoom] = useState({ width: 1000, height: 600 });
  useLayoutEffect(() => {
    const { current } = element;
    if (current === null) return undefined;
    const look = (): void => {
      setRoom({ width: current.clientWidth, height: current.clientHeight });
    };
    look();
    const observer = new ResizeObserver(look);
    observer.observe(current);
    return () => {
      observer.disconnect();
    };
  }, []);
  return room;
}
