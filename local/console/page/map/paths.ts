/** Lines between cards that are placed, and where their labels go. */

export interface Box {
  readonly id: string;
  readonly width: number;
  readonly height: number;
}

export interface Placed {
  readonly x: number;
  readonly y: number;
}

export interface Drawn {
  readonly path: string;
  readonly label: Placed;
}

/** Left to right where there is room, top to bottom on a narrow screen. */
export type Direction = 'LR' | 'TB';

/** Room for an edge's label, so that no two lie on each other. */
export const LABEL = { width: 156, height: 44 };

/** dagre's route begins where the line between centres leaves a card, often a corner: the middle of a side is calmer. */
export function fromSideToSide(
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
export function loop({ x, y, width, height }: Box & Placed, direction: Direction): Drawn {
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
