/** Trait 3: a say in who may talk. */
import { setTimeout } from 'node:timers/promises';
import { namespacePid } from '../../region/namespace-pid.ts';
import { enterNamespace } from '../../region/enter-agent.ts';
import { requireRegion } from '../../region/region-file.ts';
import { expect, type Scenario } from '../scenario.ts';
import { AWS, USUAL } from '../services.ts';
import { beside } from '../callers.ts';
import type { Testbed } from '../testbed.ts';

/** Tries to connect, and prints `open` or what kept it. A dropped packet has no answer, so time is what tells it. */
const CONNECT = `
import { connect } from 'node:net';
const [, ...targets] = process.argv;
const results = await Promise.all(targets.map((target) => new Promise((resolve) => {
  const [host, port] = target.split(':');
  const socket = connect({ host, port: Number(port), timeout: 3000 });
  const end = (text) => { socket.destroy(); resolve(target + ' ' + text); };
  socket.on('connect', () => end('open'));
  socket.on('timeout', () => end('dropped'));
  socket.on('error', (error) => end(error.code));
})));
console.log(results.join('\\n'));
`;

const LISTEN = `import { createServer } from 'node:net'; createServer((socket) => socket.end()).listen(3000, '0.0.0.0');`;

/** The edges of the system, as its stacks say them. */
const ALLOWED = ['client > alb', 'alb > service-b', 'service-b > service-a', 'service-b > service-c'];

async function matrix(testbed: Testbed): Promise<{ readonly edge: string; readonly outcome: string }[]> {
  const region = requireRegion();
  const { node, address } = await testbed.loadBalancer();
  const addresses = new Map([
    ['client', '203.0.113.10:3000'],
    ['alb', `${address}:80`],
    ...['service-a', 'service-b', 'service-c'].map(
      (name) => [name, `${testbed.tasks(name)[0]?.address ?? ''}:3000`] as const,
    ),
  ]);
  // Nothing listens at a client; a refusal must not be mistaken for one by the security group.
  const listening = beside(
    enterNamespace(region, namespacePid('internet'), [process.execPath, '--input-type=module', '-e', LISTEN]),
  );
  await setTimeout(500);
  try {
    const rows = await Promise.all(
      [...addresses].map(async ([from]) => {
        const place = from === 'client' ? 'internet' : from === 'alb' ? node : (testbed.tasks(from)[0]?.taskId ?? '');
        const others = [...addresses].filter(([to]) => to !== from);
        const { stdout } = await testbed.node(place, CONNECT, ...others.map(([, target]) => target));
        return others.map(([to, target]) => {
          const [, outcome = 'not tried'] =
            stdout
              .split('\n')
              .find((line) => line.startsWith(`${target} `))
              ?.split(' ') ?? [];
          return { edge: `${from} > ${to}`, outcome };
        });
      }),
    );
    return rows.flat();
  } finally {
    listening.stop();
  }
}

export const SECURITY_GROUPS: readonly Scenario[] = [
  {
    id: 'security-groups',
    trait: '3 TLS and who may talk',
    expectation: `of all 20 ordered pairs of client, alb, a, b and c exactly these connect: ${ALLOWED.join(', ')}`,
    source: AWS.groups,
    services: USUAL,
    async play(testbed) {
      const pairs = await matrix(testbed);
      const those = (outcome: string): string[] =>
        pairs.filter((pair) => pair.outcome === outcome).map(({ edge }) => edge);
      const [open, dropped] = [those('open'), those('dropped')];
      const seen = `open: ${open.join(', ')}; the other ${String(dropped.length)} are dropped`;
      expect(
        open.sort().join() === [...ALLOWED].sort().join() && dropped.length === 20 - ALLOWED.length,
        `${seen}; ${pairs.map(({ edge, outcome }) => `${edge} ${outcome}`).join(', ')}`,
      );
      return seen;
    },
  },
];
