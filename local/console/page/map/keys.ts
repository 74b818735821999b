/** Arrow keys on the map: right follows the calls, left goes against them, up and down are what is beside. */
import type { Layout, Placed } from './layout.ts';
import type { MapEdge, MapModel } from './model.ts';

const ARROWS = { ArrowRight: 'out', ArrowLeft: 'in', ArrowUp: 'up', ArrowDown: 'down' } as const;

export function neighbour(key: string, at: string, { nodes, edges }: MapModel, layout: Layout): string | undefined {
  if (!(key in ARROWS)) return undefined;
  const direction = ARROWS[key as keyof typeof ARROWS];
  const edge = edges.find(({ id }) => id === at);
  if (direction === 'out') return edge?.to ?? edges.find(({ from }) => from === at)?.id;
  if (direction === 'in') return edge?.from ?? edges.find(({ to }) => to === at)?.id;
  const peers = edge === undefined ? nodes.map(({ id }) => id) : edges.map(({ id }) => id);
  return nearest(at, peers, direction === 'up' ? -1 : 1, (id) => placeOf(id, layout));
}

const placeOf = (id: string, { nodes, edges }: Layout): Placed =>
  nodes.get(id) ?? edges.get(id)?.label ?? { x: 0, y: 0 };

/** What is above or below, and the least to the side. */
function nearest(
  at: string,
  peers: readonly string[],
  sign: 1 | -1,
  place: (id: string) => Placed,
): string | undefined {
  const here = place(at);
  return peers
    .filter((id) => sign * (place(id).y - here.y) > 1)
    .sort((a, b) => distance(place(a), here) - distance(place(b), here))[0];
}

const distance = (a: Placed, b: Placed): number => 2 * Math.abs(a.x - b.x) + Math.abs(a.y - b.y);

/** The edge in words, for those who hear it. */
export const edgeName = ({ from, to, via }: Pick<MapEdge, 'from' | 'to' | 'via'>): string => `${from} to ${to}${via}`;
