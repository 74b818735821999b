/** Trait 3: TLS, and a say in who may talk. */
import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { clearOrders, readOrders, writeOrders } from '../../front/orders.ts';
import { RUN } from '../../front/region/paths.ts';
import { enterNamespace } from '../../front/enter-agent.ts';
import { namespacePid } from '../../front/commands/exec.ts';
import { requireRegion } from '../../front/region/region-file.ts';
import { places } from '../../front/task-files.ts';
import { expect, type Scenario } from '../scenario.ts';
import { AUTHORITY, AWS, PROBE, TESTBED, URL, USUAL } from '../services.ts';
import { beside, type Stage } from '../stage.ts';

const trait = '3 TLS and who may talk';

/** Tries to connect, and prints `open` or what kept it. A dropped packet has no answer, so time is what tells it. */
const CONNECT = `
import { connect } from 'node:net';
const [, ...targets] = process.argv;
const results = await Promise.all(targets.map((target) => new Promise((resolve) => {
  const [host, port] = target.split(':');
  const socket = connect({ host, port: Number(port), timeout: 1500 });
  const end = (text) => { socket.destroy(); resolve(target + ' ' + text); };
  socket.on('connect', () => end('open'));
  socket.on('timeout', () => end('dropped'));
  socket.on('error', (error) => end(error.code));
})));
console.log(results.join('\\n'));
`;

/** Handshakes with a server, and prints protocol, name, serial number; or what kept it. */
const HANDSHAKE = `
import { connect } from 'node:tls';
const [, host, version] = process.argv;
const socket = connect({ host, port: 3000, rejectUnauthorized: false, minVersion: version, maxVersion: version, timeout: 3000 }, () => {
  const certificate = socket.getPeerCertificate();
  console.log(socket.getProtocol(), certificate.subjectaltname, certificate.serialNumber);
  socket.destroy();
});
socket.on('timeout', () => socket.destroy(new Error('timeout')));
socket.on('error', (error) => { console.log('refused', error.code ?? error.message); });
`;

const LISTEN = `import { createServer } from 'node:net'; createServer((socket) => socket.end()).listen(3000, '0.0.0.0');`;

const PRIVATE = { ...TESTBED, certificateAuthorityArn: AUTHORITY };
const certificateFile = (): string => {
  const name = readdirSync(join(RUN, 'tls')).find((file) => file.endsWith('.testbed.certificate.json'));
  if (name === undefined) throw new Error('the testbed has no certificate');
  return join(RUN, 'tls', name);
};

async function handshake(stage: Stage, address: string, version = 'TLSv1.3'): Promise<string> {
  return (await stage.node('probe', HANDSHAKE, address, version)).stdout.trim();
}

/** The edges of the system, as its stacks say them. */
const ALLOWED = ['client > alb', 'alb > service-b', 'service-b > service-a', 'service-b > service-c'];

async function matrix(stage: Stage): Promise<string[]> {
  const [node] = Object.keys(places()).filter((name) => name.startsWith('load-balancer-'));
  const region = requireRegion();
  const balancer = await stage.run(node ?? '', ['hostname', '-I']);
  const addresses = new Map([
    ['client', '203.0.113.10:3000'],
    ['alb', `${balancer.stdout.trim()}:80`],
    ...['service-a', 'service-b', 'service-c'].map(
      (name) => [name, `${stage.tasks(name)[0]?.address ?? ''}:3000`] as const,
    ),
  ]);
  // Nothing listens at a client; a refusal must not be mistaken for one by the security group.
  const listening = beside(
    enterNamespace(region, namespacePid('internet'), [process.execPath, '--input-type=module', '-e', LISTEN]),
  );
  await setTimeout(500);
  const open: string[] = [];
  try {
    for (const [from] of addresses) {
      const place =
        from === 'client' ? 'internet' : from === 'alb' ? (node ?? '') : (stage.tasks(from)[0]?.taskId ?? '');
      const others = [...addresses].filter(([to]) => to !== from);
      const { stdout } = await stage.node(place, CONNECT, ...others.map(([, target]) => target));
      for (const [to, target] of others) if (stdout.includes(`${target} open`)) open.push(`${from} > ${to}`);
    }
  } finally {
    listening.stop();
  }
  return open;
}

export const WHO_MAY_TALK: readonly Scenario[] = [
  {
    id: 'security-groups',
    trait,
    expectation: `of all 20 ordered pairs of client, alb, a, b and c exactly these connect: ${ALLOWED.join(', ')}`,
    source: AWS.groups,
    services: USUAL,
    async play(stage) {
      const open = await matrix(stage);
      const seen = `open: ${open.join(', ')}; the other ${String(20 - open.length)} are dropped`;
      expect([...open].sort().join() === [...ALLOWED].sort().join(), seen);
      return seen;
    },
  },
  {
    id: 'tls-1.3-only',
    trait,
    expectation: 'applications keep http://, between proxies it is TLS 1.3 and nothing else',
    source: AWS.tls,
    services: [PRIVATE, PROBE],
    async play(stage) {
      const address = stage.tasks('testbed')[0]?.address ?? '';
      const through = await stage.curl('probe', `${URL}/echo`);
      const newest = await handshake(stage, address);
      const older = await handshake(stage, address, 'TLSv1.2');
      const plain = await stage.curl('probe', `http://${address}:3000/echo`);
      expect(through.status === 200, `through the mesh ${String(through.status)}`);
      expect(newest.startsWith('TLSv1.3 DNS:testbed.highlands.local'), newest);
      expect(older.startsWith('refused'), `TLS 1.2: ${older}`);
      expect(plain.status === 0, `plaintext: ${String(plain.status)}`);
      return `200 through the mesh; ${newest.split(' ').slice(0, 2).join(' ')}; TLS 1.2 and plaintext refused`;
    },
  },
  {
    id: 'wrong-name',
    trait,
    expectation: 'a server whose certificate has another name gets no request',
    source: AWS.tls,
    services: [PRIVATE, PROBE],
    async play(stage) {
      const file = certificateFile();
      const genuine = readFileSync(file, 'utf8');
      const { PrivateAuthority } = await import('../../agent/private-authority.ts');
      const { certificateSecret } = await import('../../agent/core/envoy/tls.ts');
      const impostor = await (await PrivateAuthority.create('arn:/impostor')).issue('testbed.highlands.local');
      const name = file.split('/').at(-1)?.replace('.certificate.json', '') ?? '';
      const put = (text: string): void => {
        writeFileSync(`${file}.next`, text, { mode: 0o600 });
        renameSync(`${file}.next`, file);
      };
      try {
        put(JSON.stringify(certificateSecret(name, impostor.certificate, impostor.privateKey)));
        await stage.until(
          'calls are refused',
          async () => (await stage.curl('probe', `${URL}/echo`)).status === 503,
          20,
        );
      } finally {
        put(genuine);
      }
      await stage.until('calls pass again', async () => (await stage.curl('probe', `${URL}/echo`)).status === 200, 40);
      return '503 while another authority had signed the name; 200 again with the genuine certificate';
    },
  },
  {
    id: 'rotation',
    trait,
    expectation: 'certificates are rotated while traffic flows: no failed request',
    source: AWS.tls,
    services: [PRIVATE, PROBE],
    async play(stage) {
      const address = stage.tasks('testbed')[0]?.address ?? '';
      const serials = new Set<string>();
      const note = async () => serials.add((await handshake(stage, address)).split(' ').at(-1) ?? '');
      await note();
      const loading = stage.load('probe', {
        url: `${URL}/echo`,
        connections: 4,
        overallRate: 200,
        duration: 6,
        timeout: 10,
      });
      try {
        for (let rotation = 0; rotation < 3; rotation++) {
          writeOrders({ ...readOrders(), rotateCertificatesBefore: Date.now() });
          await setTimeout(1_200);
          await note();
        }
      } finally {
        clearOrders();
      }
      const { answered, failed, statuses } = await loading;
      const seen = `${String(serials.size)} certificates, ${String(answered)} requests, ${String(answered - (statuses['200'] ?? 0) + failed)} failed`;
      expect(serials.size === 4 && answered > 0 && failed === 0 && statuses['200'] === answered, seen);
      return seen;
    },
  },
  {
    id: 'load-balancer-speaks-tls',
    trait,
    expectation: 'the load balancer speaks TLS to the proxy of a service that has it',
    source: AWS.tls,
    services: [{ ...PRIVATE, route: '/echo' }, PROBE],
    async play(stage) {
      const answer = await stage.curl(
        'internet',
        `http://${(await stage.run(Object.keys(places()).find((name) => name.startsWith('load-balancer-')) ?? '', ['hostname', '-I'])).stdout.trim()}/echo`,
      );
      expect(answer.status === 200 && answer.instance !== '', `${String(answer.status)} ${answer.body}`);
      return `200 from ${answer.instance} by its HTTPS target group`;
    },
  },
];
