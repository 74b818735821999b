/** Attributes of a load balancer, as targets see them: docs/load-balancer.md has the sources. */
import type { BalancerAttributes } from '../../../aws-shapes/load-balancer-attributes.ts';
import { loadBalancerStand } from '../../testing/load-balancer-stand.ts';

async function taken(attributes: Partial<BalancerAttributes>, ...headers: string[]): Promise<string[]> {
  const stand = await loadBalancerStand({ attributes });
  try {
    await stand.send(['GET / HTTP/1.1', 'Host: shop.test', ...headers, '', ''].join('\r\n'));
    return stand.heads[0]?.split('\r\n') ?? [];
  } finally {
    await stand.stop();
  }
}
const SENT = 'X-Forwarded-For: 203.0.113.7:4000';

test.each([
  [{}, /^X-Forwarded-For: 203\.0\.113\.7:4000, [\d.]+$/],
  [{ forwardedPort: true }, /^X-Forwarded-For: 203\.0\.113\.7:4000, [\d.]+:\d+$/],
  [{ forwardedFor: 'preserve' }, /^X-Forwarded-For: 203\.0\.113\.7:4000$/],
  [{ forwardedFor: 'remove' }, undefined],
] as const)('%j: X-Forwarded-For is %s', async (attributes, wanted) => {
  const found = (await taken(attributes, SENT)).filter((line) => /^x-forwarded-for:/i.test(line));
  expect(found).toEqual(wanted === undefined ? [] : [expect.stringMatching(wanted)]);
});

test('who sent none has none with preserve', async () => {
  expect((await taken({ forwardedFor: 'preserve' })).filter((line) => /^x-forwarded-for:/i.test(line))).toEqual([]);
});

test.each([
  [{}, ['X_Odd: a', 'X-Even: b']],
  [{ dropsInvalidHeaders: true }, ['X-Even: b']],
])('%j: of an odd and an even name %j come', async (attributes, wanted) => {
  const lines = await taken(attributes, 'X_Odd: a', 'X-Even: b');
  expect(lines.filter((line) => /odd|even/i.test(line))).toEqual(wanted);
});
