import type { AccessLogLine } from '../protocol/logs.ts';
import { inOrderOfCalls } from './request-order.ts';

const line = (
  service: string,
  direction: 'egress' | 'ingress',
  peer: string,
  at: number,
  durationMs: number,
): AccessLogLine =>
  ({
    id: `${service} ${direction === 'egress' ? 'to' : 'from'} ${peer}`,
    service,
    direction,
    peer,
    at,
    durationMs,
  }) as AccessLogLine;

type Time = [at: number, durationMs: number];

test.each<[string, [Time, Time, Time, Time, Time]]>([
  [
    'in one millisecond, all as long',
    [
      [7, 1],
      [7, 1],
      [7, 1],
      [7, 1],
      [7, 1],
    ],
  ],
  [
    'in one millisecond, the outer ones longer',
    [
      [7, 3],
      [7, 2],
      [7, 1],
      [7, 1],
      [7, 0],
    ],
  ],
  [
    'one after the other',
    [
      [1, 9],
      [2, 4],
      [3, 3],
      [5, 2],
      [6, 1],
    ],
  ],
])('calls before what they caused: %s', (_, times) => {
  const [first, second, third, fourth, fifth] = times;
  const lines = [
    line('front', 'ingress', 'load-balancer/x', ...first),
    line('front', 'egress', 'left', ...second),
    line('front', 'egress', 'right', ...third),
    line('left', 'ingress', 'front', ...fourth),
    line('right', 'ingress', 'front', ...fifth),
  ];
  const order = inOrderOfCalls([...lines].reverse()).map(({ id }) => id);
  expect(order[0]).toBe('front from load-balancer/x');
  for (const called of ['left', 'right'])
    expect(order.indexOf(`front to ${called}`)).toBeLessThan(order.indexOf(`${called} from front`));
});
