/** Attributes of a load balancer, as targets see them: docs/load-balancer.md has the sources. */
import { inTable } from '../../testing/load-balancer-rows.ts';
import { USUAL_TARGET_GROUP, type TargetGroupAttributes } from '../../../aws-shapes/target-group-attributes.ts';
import type { BalancerAttributes } from '../../../aws-shapes/load-balancer-attributes.ts';
import { loadBalancerStand } from '../../testing/load-balancer-stand.ts';

afterEach(inTable(import.meta.filename));

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
  ['X-Forwarded-For gets the client, where it is appended', {}, /^X-Forwarded-For: 203\.0\.113\.7:4000, [\d.]+$/],
  [
    'X-Forwarded-For gets the port of the client as well',
    { forwardedPort: true },
    /^X-Forwarded-For: 203\.0\.113\.7:4000, [\d.]+:\d+$/,
  ],
  [
    'X-Forwarded-For stays as it was, where it is preserved',
    { forwardedFor: 'preserve' },
    /^X-Forwarded-For: 203\.0\.113\.7:4000$/,
  ],
  ['X-Forwarded-For goes, where it is removed', { forwardedFor: 'remove' }, undefined],
] as const)('%s', async (_, attributes, wanted) => {
  const found = (await taken(attributes, SENT)).filter((line) => /^x-forwarded-for:/i.test(line));
  expect(found).toEqual(wanted === undefined ? [] : [expect.stringMatching(wanted)]);
});

test('no X-Forwarded-For is made, where it is preserved', async () => {
  expect((await taken({ forwardedFor: 'preserve' })).filter((line) => /^x-forwarded-for:/i.test(line))).toEqual([]);
});

test.each([
  ['headers with odd names come', {}, ['X_Odd: a', 'X-Even: b']],
  ['headers with odd names are dropped, where the attribute says so', { dropsInvalidHeaders: true }, ['X-Even: b']],
])('%s', async (_, attributes, wanted) => {
  const lines = await taken(attributes, 'X_Odd: a', 'X-Even: b');
  expect(lines.filter((line) => /odd|even/i.test(line))).toEqual(wanted);
});

/** Which of three targets answers each of twelve requests in turn, which bring the cookies that they were given. */
async function answering(attributes: Partial<TargetGroupAttributes>): Promise<{ targets: string[]; cookie: string }> {
  const stand = await loadBalancerStand({
    targets: 3,
    group: { attributes: { ...USUAL_TARGET_GROUP, ...attributes } },
    answer: (_, __, index) => `HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n${String(index)}`,
  });
  try {
    const targets: string[] = [];
    let cookie = '';
    for (let request = 0; request < 12; request++) {
      const kept = cookie === '' ? [] : [`Cookie: ${cookie}`];
      const asked = ['GET / HTTP/1.1', 'Host: shop.test', 'Connection: close', ...kept, '', ''];
      const said = await stand.send(asked.join('\r\n'));
      targets.push(said.at(-1) ?? '');
      cookie = /^set-cookie: (AWSALB=[^;]+)/im.exec(said)?.[1] ?? cookie;
    }
    return { targets, cookie };
  } finally {
    await stand.stop();
  }
}

test('a client stays with its target by the cookie, and is sent on without', async () => {
  const sticky = await answering({ stickySeconds: 60 });
  expect(sticky.cookie).toMatch(/^AWSALB=./);
  expect(new Set(sticky.targets.slice(1))).toEqual(new Set([sticky.targets[0]]));
  const free = await answering({});
  expect(free.cookie).toBe('');
  expect(new Set(free.targets).size).toBe(3);
});

test.each(['least_outstanding_requests', 'weighted_random'] as const)(
  'requests reach targets by %s',
  async (algorithm) => {
    expect((await answering({ algorithm })).targets.every((target) => /^[012]$/.test(target))).toBe(true);
  },
);

test('a group whose targets start slowly is served', async () => {
  expect((await answering({ slowStartSeconds: 30 })).targets).not.toContain('');
});
