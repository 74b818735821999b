/** Where nodes and edges go: dagre decides, `paths.ts` turns its points into curves. */
import dagre from '@dagrejs/dagre';
import {
  across,
  curve,
  fromSideToSide,
  LABEL,
  loop,
  type Box,
  type Direction,
  type Drawn,
  type Placed,
} from './paths.ts';

export { LABEL, type Direction, type Placed } from './paths.ts';

export interface Link {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  /** Drawn between the places that the other links give: a refused attempt does not move what is there. */
  readonly aside: boolean;
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  /** Centres. */
  readonly nodes: ReadonlyMap<string, Placed>;
  readonly edges: ReadonlyMap<string, Drawn>;
}

/** What dagre decides about; a call of a service to itself is drawn at its card. */
const isMain = ({ from, to, aside }: Link): boolean => !aside && from !== to;

export function layOut(boxes: readonly Box[], links: readonly Link[], direction: Direction): Layout {
  const graph = new dagre.graphlib.Graph({ multigraph: true });
  // Between cards one above the other a label has room; a narrow screen has two cards side by side.
  const [nodesep, ranksep] = direction === 'LR' ? [84, 34] : [24, 26];
  graph.setGraph({ rankdir: direction, nodesep, ranksep, marginx: 24, marginy: 24 });
  for (const { id, width, height } of boxes) graph.setNode(id, { width, height });
  const main = links.filter(isMain);
  for (const { id, from, to } of main) graph.setEdge(from, to, { ...LABEL, labelpos: 'c' }, id);
  dagre.layout(graph);
  const { width = 0, height = 0 } = graph.graph() as { width?: number; height?: number };
  const placed = new Map(boxes.map((box) => [box.id, { ...box, ...point(graph.node(box.id)) }]));
  const edges = links.flatMap((link): [string, Drawn][] => {
    const { id, from, to } = link;
    const [a, b] = [placed.get(from), placed.get(to)];
    if (a === undefined || b === undefined) return [];
    if (from === to) return [[id, loop(a, direction)]];
    if (!isMain(link)) return [[id, across(a, b, laneOf(link, links))]];
    const edge: unknown = graph.edge(from, to, id);
    const route = (edge as { points?: Placed[] }).points ?? [];
    return [[id, { path: curve(fromSideToSide(route, a, b, direction), direction), label: point(edge) }]];
  });
  // A bow may go below all cards, a loop or a lane beside them.
  const labels = edges.map(([, { label }]) => label);
  const deepest = Math.max(height, ...labels.map(({ y }) => y + LABEL.height));
  const widest = Math.max(width, ...labels.map(({ x }) => x + LABEL.width / 2));
  return { width: widest, height: deepest, nodes: placed, edges: new Map(edges) };
}

/** dagre writes the place into the label of a node or an edge. */
function point(label: unknown): Placed {
  const { x = 0, y = 0 } = label as Partial<Placed>;
  return { x, y };
}

/** How many labels beside the straight line one is, where several edges lie between two cards, one above the other. */
function laneOf(link: Link, links: readonly Link[]): number {
  const ends = [link.from, link.to];
  const both = links.filter(({ from, to }) => from !== to && ends.includes(from) && ends.includes(to));
  const beside = both.filter(({ aside }) => aside);
  const index = beside.indexOf(link);
  return both.some(isMain) ? index + 1 : index - (beside.length - 1) / 2;
}

/** Lengths for `style`, which takes no bare numbers. */
export const px = (lengths: Readonly<Record<string, number>>): Record<string, string> =>
  Object.fromEntries(Object.entries(lengths).map(([name, value]) => [name, `${value.toFixed(1)}px`]));
