import type { CallRates, DeniedEdge, Region } from '../../protocol.ts';
import { attempt, edge, QUIET, region } from '../../testing/region.ts';
import { edgeState, edgeWidth, flowSeconds, isDenied } from './edge-look.ts';
import { edgeName, neighbour } from './keys.ts';
import { LABEL, layOut, type Direction } from './layout.ts';
import { mapModel } from './model.ts';

test.each([
  ['idle', {}, false],
  ['ok', { requestsPerSecond: 3 }, false],
  ['ok', { activeRequests: 1 }, false],
  ['warn', { requestsPerSecond: 3, errorShare: 0.049 }, false],
  ['warn', { requestsPerSecond: 3, retriesPerSecond: 0.2 }, false],
  ['bad', { requestsPerSecond: 3, errorShare: 0.05 }, false],
  ['denied', { requestsPerSecond: 3, errorShare: 1 }, true],
] as const)('an edge is %s with %j', (state, figures, denied) => {
  expect(edgeState({ ...QUIET, ...figures }, denied)).toBe(state);
});

const responsesPerSecond = { ...QUIET.responsesPerSecond, '2xx': 60 };
test.each<[string, boolean, boolean, Partial<CallRates>, number[]]>([
  [
    'good traffic beside a refused try at another port',
    false,
    true,
    { requestsPerSecond: 60, responsesPerSecond },
    [99],
  ],
  ['errors beside a refused try at another port', false, true, { requestsPerSecond: 60, errorShare: 1 }, [99]],
  ['no traffic and a refused try just now', true, true, {}, [1, 99]],
  ['no traffic and a refused try of a minute ago: the rule may be there now', false, true, {}, [40]],
  ['nothing refused', false, true, {}, []],
  ['no rule', true, false, { requestsPerSecond: 3, errorShare: 1 }, [40]],
  ['no rule any more, and a connection that was open before', false, false, { bytesPerSecond: 9 }, []],
])('%s: denied is %s', (_, denied, allowed, figures, refusedAt) => {
  const refused = refusedAt.map((second) => ({ lastAt: second * 1000 }));
  expect(isDenied({ allowed, now: { ...QUIET, ...figures } }, refused, 100_000)).toBe(denied);
});

test('more requests make a thicker line and a faster flow, within bounds', () => {
  const rates = [0, 1, 10, 100, 1_000, 100_000];
  const widths = rates.map(edgeWidth);
  expect(widths).toEqual([...widths].sort((a, b) => a - b));
  expect(widths.at(-1)).toBe(8);
  expect(rates.map(flowSeconds).at(-1)).toBe(0.35);
});

const box = (id: string) => ({ id, width: 200, height: 100 });
const drawRegion = (of: Region, direction: Direction = 'LR') => {
  const model = mapModel(of);
  return {
    model,
    layout: layOut(
      model.nodes.map(({ id }) => box(id)),
      model.edges,
      direction,
    ),
  };
};
const draw = (denied: readonly DeniedEdge[]) => drawRegion(region(denied));

test('denied attempts become one edge for each pair, beside the edges of the mesh', () => {
  const { model } = draw([attempt('left', 'right'), attempt('left', 'right'), attempt('front', 'left')]);
  expect(model.edges.map(({ id, state, aside }) => [id, state, aside])).toEqual([
    ['front>left', 'denied', false],
    ['front>right', 'idle', false],
    ['left>right', 'denied', true],
  ]);
  expect(model.edges.at(-1)?.denied).toHaveLength(2);
});

test('who is denied and belongs to nobody is on the map with its address', () => {
  const { model } = draw([attempt('10.9.9.9', 'left')]);
  expect(model.nodes.find(({ id }) => id === '10.9.9.9')).toMatchObject({ kind: 'address' });
});

test('a refused attempt moves nothing that is on the map', () => {
  expect(draw([attempt('left', 'right')]).layout.nodes).toEqual(draw([]).layout.nodes);
});

test('edges that no rule allows move nothing either, and the two ways between two cards keep apart', () => {
  const closed = (from: string, to: string) => ({ ...edge(from, to), allowed: false });
  const { layout } = drawRegion({
    ...region([]),
    edges: [...region([]).edges, closed('left', 'right'), closed('right', 'left')],
  });
  expect(layout.nodes).toEqual(draw([]).layout.nodes);
  const [there, back] = ['left>right', 'right>left'].map((id) => layout.edges.get(id)?.label.x ?? NaN);
  expect(Math.abs((there ?? NaN) - (back ?? NaN))).toBeGreaterThanOrEqual(LABEL.width);
});

test.each(['LR', 'TB'] as const)('%s: a call of a service to itself begins and ends at its card', (direction) => {
  const own = edge('left', 'left');
  const { layout } = drawRegion({ ...region([]), edges: [...region([]).edges, own] }, direction);
  expect(layout.nodes).toEqual(drawRegion(region([]), direction).layout.nodes);
  const { x = NaN, y = NaN } = layout.nodes.get('left') ?? {};
  const { path = '', label } = layout.edges.get(own.id) ?? {};
  const numbers = path.match(/-?[\d.]+/g)?.map(Number) ?? [];
  for (const [px = NaN, py = NaN] of [numbers.slice(0, 2), numbers.slice(-2)]) {
    const [beside, below] = [Math.abs(px - x), Math.abs(py - y)];
    expect([beside, below].some((away, index) => away === [100, 50][index])).toBe(true);
    expect(beside <= 100 && below <= 50).toBe(true);
  }
  expect(label && (Math.abs(label.x - x) > 100 || Math.abs(label.y - y) > 50)).toBe(true);
});

test('edges to several names of one service are told apart', () => {
  const { model } = drawRegion({
    ...region([]),
    edges: [edge('front', 'left'), { ...edge('front', 'left'), id: 'front>left-grpc', via: 'left-grpc' }],
  });
  expect(model.edges.map(edgeName)).toEqual(['front to left', 'front to left (left-grpc)']);
});

test('no two cards or labels of the mesh lie on each other', () => {
  const { layout } = draw([]);
  const places = [
    ...[...layout.nodes.values()].map(({ x, y }) => ({ x, y, width: 200, height: 100 })),
    ...[...layout.edges.values()].map(({ label: { x, y } }) => ({ x, y, width: 110, height: 40 })),
  ];
  for (const a of places)
    for (const b of places)
      if (a !== b)
        expect(Math.abs(a.x - b.x) >= (a.width + b.width) / 2 || Math.abs(a.y - b.y) >= (a.height + b.height) / 2).toBe(
          true,
        );
});

test('arrow keys follow the calls, go back, and move to what is beside', () => {
  const { model, layout } = draw([]);
  const go = (at: string, ...keys: readonly string[]): string | undefined =>
    keys.reduce<string | undefined>((now, key) => now && neighbour(key, now, model, layout), at);
  expect(go('front', 'ArrowRight')).toBe('front>left');
  expect(go('front', 'ArrowRight', 'ArrowRight')).toBe('left');
  expect(go('right', 'ArrowLeft', 'ArrowLeft')).toBe('front');
  const [upper, lower] = [...layout.edges].sort(([, a], [, b]) => a.label.y - b.label.y).map(([id]) => id);
  expect(neighbour('ArrowDown', upper ?? '', model, layout)).toBe(lower);
  expect(neighbour('ArrowUp', upper ?? '', model, layout)).toBeUndefined();
  expect(neighbour('Enter', 'front', model, layout)).toBeUndefined();
});
