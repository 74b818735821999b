/** Trait 1: a friendly name. */
import { expect, type Scenario } from '../scenario.ts';
import { AWS, PROBE, TESTBED, URL, USUAL, WEB } from '../services.ts';
import type { TestbedService } from '../testbed-stack.ts';

const trait = '1 friendly name';

/** Sends a line to a TCP port and prints what comes back within a second. */
const TCP_LINE = `
import { connect } from 'node:net';
const [, host, port] = process.argv;
const socket = connect(Number(port), host, () => socket.write('hello\\n'));
let text = '';
socket.on('data', (chunk) => { text += chunk; if (text.includes('hello')) { console.log(text.trim()); process.exit(0); } });
setTimeout(() => process.exit(1), 5000);
`;

export const FRIENDLY_NAME: readonly Scenario[] = [
  {
    id: 'hosts-file',
    trait,
    expectation: 'every alias has a virtual address of its own in /etc/hosts, as a bare name',
    source: AWS.deploy,
    services: USUAL,
    async play(testbed) {
      const { stdout } = await testbed.run('probe', ['cat', '/etc/hosts']);
      const names = [...stdout.matchAll(/^(127\.255\.\d+\.\d+) (\S+)$/gm)].map(([, address = '', name = '']) => ({
        address,
        name,
      }));
      const seen = names.map(({ address, name }) => `${address} ${name}`).join(', ');
      expect(
        ['service-a', 'service-b', 'service-c', 'testbed'].every((name) => names.some((one) => one.name === name)),
        seen,
      );
      expect(new Set(names.map(({ address }) => address)).size === names.length, seen);
      return seen;
    },
  },
  {
    id: 'one-name-three-ports',
    trait,
    expectation: 'one name can have several ports, each with its own protocol',
    source: AWS.deploy,
    services: USUAL,
    async play(testbed) {
      const web = await testbed.curl('probe', `${URL}/echo`);
      const line = await testbed.node('probe', TCP_LINE, 'testbed', '9002');
      expect(web.status === 200 && web.instance !== '', `HTTP ${String(web.status)}`);
      expect(line.code === 0 && line.stdout.includes('hello'), `TCP: ${line.stdout}`);
      return `testbed:9000 answers HTTP, testbed:9002 echoes TCP from ${line.stdout.split('\n')[0] ?? ''}`;
    },
  },
  {
    id: 'names-of-the-deployment',
    trait,
    expectation:
      'a task knows the names that existed when its deployment was made; a redeploy of the client picks up a new one',
    source: AWS.deploy,
    services: USUAL,
    async play(testbed) {
      const latecomer: TestbedService = {
        ...TESTBED,
        name: 'latecomer',
        late: true,
        count: 1,
        ports: [{ ...WEB, aliasPort: 9100 }],
        environment: {},
      };
      await testbed.deploy([...USUAL, latecomer]);
      const before = await testbed.curl('probe', 'http://latecomer:9100/echo');
      // curl's exit code 6: the host could not be resolved.
      expect(before.exitCode === 6, `before the redeploy curl ended with ${String(before.exitCode)}`);
      await testbed.forceNewDeployment(PROBE.name);
      const after = await testbed.curl('probe', 'http://latecomer:9100/echo');
      expect(after.status === 200, `after the redeploy ${String(after.status)}`);
      await testbed.deploy(USUAL);
      return 'before: could not resolve host; after a redeploy of the client: 200';
    },
  },
];
