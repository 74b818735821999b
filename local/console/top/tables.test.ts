import { stripVTControlCharacters } from 'node:util';
import type { LoadBalancer, Region } from '../protocol.ts';
import { attempt, edge, region } from '../testing/region.ts';
import { DENIED_NOT_COUNTED, nodeName } from '../words.ts';
import { topText } from './tables.ts';

const balancer = (name: string): LoadBalancer => ({
  ...{ id: `load-balancer/${name}`, name, arn: `arn:${name}`, internetFacing: true },
  ...{ nodes: [], listeners: [], targetGroups: [] },
});
const MADE = 'Highla-LoadB-1A2B3C4D5E6F';

const text = (change: Partial<Region>, rows?: number, columns?: number): string =>
  stripVTControlCharacters(topText({ ...region([]), ...change }, { rows, columns }));

test('the load balancer has the name that it has on the page', () => {
  const shown = text({
    loadBalancers: [balancer(MADE)],
    edges: [{ ...edge(`load-balancer/${MADE}`, 'front'), kind: 'target-group', via: 'a target group' }],
    denied: [attempt('left', `load-balancer/${MADE}`)],
  });
  expect(shown).toMatch(/│ load balancer │ front +│/);
  expect(shown).toMatch(/│ left +│ load balancer │ 3000 │ ingress rule/);
  expect(shown).not.toContain(MADE);
});

test('names that someone chose stay, and so do long ones that have to be told apart', () => {
  const name = (own: string, ...others: readonly string[]) =>
    nodeName(`load-balancer/${own}`, { loadBalancers: [own, ...others].map(balancer) });
  expect([name('shop'), name(MADE), name(MADE, 'shop'), name(MADE, `${MADE}2`)]).toEqual([
    'shop',
    'load balancer',
    'load balancer',
    MADE,
  ]);
  expect(nodeName('service', { loadBalancers: [balancer(MADE)] })).toBe('service');
});

test('a kernel that counts no refused connection is told of', () => {
  expect(text({})).not.toContain(DENIED_NOT_COUNTED);
  expect(text({ deniedAreCounted: false })).toContain(DENIED_NOT_COUNTED);
});

test('without the agent there is no task, and it is said so', () => {
  expect(text({})).not.toContain('last known state');
  expect(text({ agentAnswers: false })).toContain('with it all tasks; requests fail until then');
  expect(text({ controlPlaneAnswers: false })).toContain('control plane does not answer: requests go on');
});

test('no more lines than the terminal has, and the busiest edges first', () => {
  const busy = { ...edge('front', 'right'), now: { ...edge('', '').now, requestsPerSecond: 5 } };
  const lines = text({ edges: [edge('front', 'left'), busy] }, 6).split('\n');
  expect(lines).toHaveLength(5);
  expect(lines[3]).toContain('right');
});

test.each([80, 107])('no line is wider than a terminal of %d columns, and what matters stays', (columns) => {
  const long = 'GrpcAndTcpPaymentsSettlementStack-ServerServiceD69D759B-AbCdEfGhIjKl';
  const now = { ...edge('', '').now, requestsPerSecond: 1234.5, errorShare: 0.25, p50Ms: 1.5, p99Ms: 1234.5 };
  const shown = text(
    {
      edges: [
        { ...edge(long, 'left'), now },
        { ...edge('front', long), now, allowed: false },
      ],
      denied: [attempt(long, long)],
    },
    undefined,
    columns,
  );
  expect(Math.max(...shown.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(columns);
  for (const said of ['GrpcAndTcp', 'front', '1235', '25 %', 'not allowed', 'ingress rule'])
    expect(shown).toContain(said);
});

test('with room enough, nothing is left out', () => {
  expect(text({}, undefined, 120)).toBe(text({}));
});
