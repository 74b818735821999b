/** Trait 3: TLS between the proxies. */
import { readFileSync } from 'node:fs';
import { changeOrders, clearOrders } from '../../region/orders.ts';
import { certificateFile, refusedWith, secretName } from '../certificate-files.ts';
import { expect, type Scenario } from '../scenario.ts';
import { AUTHORITY, AWS, PROBE, TESTBED, URL, WEB } from '../services.ts';
import type { Testbed } from '../testbed.ts';
import type { TestbedService } from '../testbed-stack.ts';

const trait = '3 TLS and who may talk';

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

const PLAIN: TestbedService = { ...TESTBED, route: { path: '/echo', priority: 20 } };
const PRIVATE: TestbedService = { ...PLAIN, certificateAuthorityArn: AUTHORITY };
/** Another service of the same authority. */
const OTHER: TestbedService = {
  ...TESTBED,
  name: 'testbed-other',
  count: 1,
  ports: [{ ...WEB, aliasPort: 9050 }],
  environment: {},
  certificateAuthorityArn: AUTHORITY,
};
const SERVICES = [PRIVATE, OTHER, PROBE];

async function handshake(testbed: Testbed, address: string, version = 'TLSv1.3'): Promise<string> {
  return (await testbed.node('probe', HANDSHAKE, address, version)).stdout.trim();
}

export const TLS: readonly Scenario[] = [
  {
    id: 'tls-1.3-only',
    trait,
    expectation: 'applications keep http://, between proxies it is TLS 1.3 and nothing else',
    source: AWS.tls,
    services: SERVICES,
    async play(testbed) {
      const address = testbed.tasks('testbed')[0]?.address ?? '';
      const through = await testbed.curl('probe', `${URL}/echo`);
      const newest = await handshake(testbed, address);
      const older = await handshake(testbed, address, 'TLSv1.2');
      const plain = await testbed.curl('probe', `http://${address}:3000/echo`);
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
    services: SERVICES,
    async play(testbed) {
      const other = readFileSync(certificateFile(OTHER.name), 'utf8');
      await refusedWith(testbed, other.replaceAll(secretName(OTHER.name), secretName('testbed')));
      return `503 with the certificate of ${OTHER.name}, signed by the same authority; 200 again with its own`;
    },
  },
  {
    id: 'wrong-authority',
    trait,
    expectation: 'a server whose certificate was signed by another authority gets no request',
    source: AWS.tls,
    services: SERVICES,
    async play(testbed) {
      const { PrivateAuthority } = await import('../../agent/certificates/private-authority.ts');
      const { certificateSecret } = await import('../../agent/core/envoy/tls.ts');
      const impostor = await (await PrivateAuthority.create('arn:/impostor')).issue('testbed.highlands.local');
      const secret = certificateSecret(secretName('testbed'), impostor.certificate, impostor.privateKey);
      await refusedWith(testbed, JSON.stringify(secret));
      return '503 while another authority had signed the name; 200 again with the genuine certificate';
    },
  },
  {
    id: 'rotation',
    trait,
    expectation: 'certificates are rotated while traffic flows: no failed request',
    source: AWS.tls,
    services: SERVICES,
    async play(testbed) {
      const address = testbed.tasks('testbed')[0]?.address ?? '';
      const serials = new Set<string>();
      const note = async (): Promise<number> => {
        const shown = await handshake(testbed, address);
        // Else it is what kept it, such as a timeout.
        if (shown.startsWith('TLSv1.3 ')) serials.add(shown.split(' ').at(-1) ?? '');
        return serials.size;
      };
      await testbed.until('a certificate is shown', async () => (await note()) === 1, 20);
      const loading = testbed.load('probe', {
        url: `${URL}/echo`,
        connections: 4,
        overallRate: 200,
        duration: 6,
        timeout: 10,
      });
      try {
        for (let rotation = 0; rotation < 3; rotation++) {
          await changeOrders((orders) => ({ ...orders, rotateCertificatesBefore: Date.now() }));
          await testbed.until('a new certificate is shown', async () => (await note()) === rotation + 2, 20);
        }
      } finally {
        await clearOrders();
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
    services: SERVICES,
    async play(testbed) {
      const { address } = await testbed.loadBalancer();
      const answer = await testbed.curl('internet', `http://${address}/echo`);
      expect(answer.status === 200 && answer.instance !== '', `${String(answer.status)} ${answer.body}`);
      return `200 from ${answer.instance} by its HTTPS target group`;
    },
  },
  {
    id: 'tls-off-and-on-again',
    trait,
    expectation: 'TLS switched off, another deployment, and TLS switched on: each is healthy and answers both ways',
    source: AWS.tls,
    services: SERVICES,
    async play(testbed) {
      const next = { ...PLAIN, environment: { ...PLAIN.environment, DEPLOYED: 'again' } };
      const seen: string[] = [];
      for (const [what, service, protocol] of [
        ['off', PLAIN, 'refused'],
        ['off, deployed again', next, 'refused'],
        ['on', PRIVATE, 'TLSv1.3'],
      ] as const) {
        await testbed.deploy([service, OTHER, PROBE]);
        const { address } = await testbed.loadBalancer();
        const byBalancer = await testbed.curl('internet', `http://${address}/echo`);
        const byMesh = await testbed.curl('probe', `${URL}/echo`);
        const shown = await handshake(testbed, testbed.tasks(TESTBED.name)[0]?.address ?? '');
        seen.push(`${what}: ${String(byBalancer.status)}, ${String(byMesh.status)}, ${shown.split(' ')[0] ?? ''}`);
        expect(byBalancer.status === 200 && byMesh.status === 200 && shown.startsWith(protocol), seen.join('; '));
      }
      return seen.join('; ');
    },
  },
];
