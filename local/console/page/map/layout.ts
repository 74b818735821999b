/** Where nodes and edges go: dagre decides, this turns its points into curves. */
import dagre from '@dagrejs/dagre';

export interface Box {
  readonly id: string;
  readonly width: number;
  readonly height: number;
}

export interface Link {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  /** Drawn between the places that the other links give: a refused attempt does not move what is there. */
  readonly aside: boolean;
}

export interface Placed {
  readonly x: number;
  readonly y: number;
}

export interface Drawn {
  readonly path: string;
  readonly label: Placed;
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  /** Centres. */
  readonly nodes: ReadonlyMap<string, Placed>;
  readonly edges: ReadonlyMap<string, Drawn>;
}

/** Left to right where there is room, top to bottom on a narrow screen. */
export type Direction = 'LR' | 'TB';

/** Room for an edge's label, so that no two lie on each other. */
export const LABEL = { width: 156, height: 44 };

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

/** dagre's route begins where the line between centres leaves a card, often a corner: the middle of a side is calmer. */
function fromSideToSide(
  route: readonly Placed[],
  from: Box & Placed,
  to: Box & Placed,
  direction: Direction,
): readonly Placed[] {
  const inner = route.slice(1, -1);
  if (direction === 'TB') {
    const down = from.y < to.y ? 1 : -1;
    const [start, end] = [from.y + (down * from.height) / 2, to.y - (down * to.height) / 2];
    return [{ x: from.x, y: start }, ...inner, { x: to.x, y: end }];
  }
  const right = from.x < to.x ? 1 : -1;
  const [start, end] = [from.x + (right * from.width) / 2, to.x - (right * to.width) / 2];
  return [{ x: start, y: from.y }, ...inner, { x: end, y: to.y }];
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

/** A straight line between what is one above the other; else a bow below what lies between. */
export function across(from: Box & Placed, to: Box & Placed, lane = 0): Drawn {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  if (Math.abs(dx) < (from.width + to.width) / 2) {
    const down = Math.sign(dy);
    const beside = lane * LABEL.width;
    // It stays on the card.
    const aside = (width: number): number => Math.max(-0.4 * width, Math.min(0.4 * width, beside));
    const start = { x: from.x + aside(from.width), y: from.y + (down * from.height) / 2 };
    const end = { x: to.x + aside(to.width), y: to.y - (down * to.height) / 2 };
    return {
      path: `M ${at(start)} L ${at(end)}`,
      label: { x: (from.x + to.x) / 2 + beside, y: middle(start, end).y },
    };
  }
  const right = Math.sign(dx);
  const start = { x: from.x + (right * from.width) / 4, y: from.y + from.height / 2 };
  const end = { x: to.x - (right * to.width) / 4, y: to.y + to.height / 2 };
  // The way back is a deeper bow, so that the two do not lie on each other.
  const depth = Math.max(start.y, end.y) + (right > 0 ? BOW : 2 * BOW);
  const label = { x: (start.x + end.x) / 2, y: (start.y + end.y) / 8 + (3 / 4) * depth };
  return { path: `M ${at(start)} C ${start.x} ${depth} ${end.x} ${depth} ${at(end)}`, label };
}

/** A call of a service to itself: where the calls to others are not. */
function loop({ x, y, width, height }: Box & Placed, direction: Direction): Drawn {
  if (direction === 'LR') {
    const [left, right, edge] = [x - width / 4, x + width / 4, y + height / 2];
    const path = `M ${at({ x: right, y: edge })} C ${right} ${edge + BOW} ${left} ${edge + BOW} ${at({ x: left, y: edge })}`;
    return { path, label: { x, y: edge + (3 / 4) * BOW } };
  }
  const [upper, lower, edge] = [y - height / 4, y + height / 4, x + width / 2];
  const far = edge + 2 * BOW;
  const path = `M ${at({ x: edge, y: upper })} C ${far} ${upper} ${far} ${lower} ${at({ x: edge, y: lower })}`;
  return { path, label: { x: edge + (3 / 2) * BOW, y } };
}

/** How far below the cards the handles of the bow are: its middle, at three quarters of that, clears a label. */
const BOW = 70;

const middle = (a: Placed, b: Placed): Placed => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });
const at = ({ x, y }: Placed): string => `${x.toFixed(1)} ${y.toFixed(1)}`;

/** A smooth line through the points that leaves and arrives in the direction of the graph. */
export function curve(points: readonly Placed[], direction: Direction): string {
  const [first, ...rest] = points;
  if (first === undefined) return '';
  let from = first;
  const parts = rest.map((to) => {
    const middle = { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 };
    const [out, into] =
      direction === 'LR'
        ? [
            { x: middle.x, y: from.y },
            { x: middle.x, y: to.y },
          ]
        : [
            { x: from.x, y: middle.y },
            { x: to.x, y: middle.y },
          ];
    from = to;
    return `C ${at(out)} ${at(into)} ${at(to)}`;
  });
  return [`M ${at(first)}`, ...parts].join(' ');
}

/** Lengths for `style`, which takes no bare numbers. */
export const px = (lengths: Readonly<Record<string, number>>): Record<string, string> =>
  Object.fromEntries(Object.entries(lengths).map(([name, value]) => [name, `${value.toFixed(1)}px`]));
