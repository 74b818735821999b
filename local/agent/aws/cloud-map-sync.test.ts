/** What of Cloud Map is Service Connect's, and that nothing else of it is touched. */
import { ServiceDiscoveryClient } from '@aws-sdk/client-servicediscovery';
import AGREED from '../../control-plane/agreed-with-agent.json' with { type: 'json' };
import { complaints, fakeClient } from '../testing/fake-client.ts';
import { CloudMapSync } from './cloud-map-sync.ts';

const NAMES = [{ namespaceId: 'ns-1', discoveryName: 'web' }];
const TASK = {
  namespaceId: 'ns-1',
  discoveryName: 'web',
  taskId: 'new',
  attributes: { AWS_INSTANCE_IPV4: '10.0.0.2' },
};
const OURS = { Id: 'srv-ours', Name: 'web', Description: AGREED.cloudMapDescription };
const THEIRS = { Id: 'srv-theirs', Name: 'web', Description: 'DNS of the shop' };

/** Syncs once with a Cloud Map that has these services, each with one instance. @returns what it was told to change */
async function synced(services: readonly object[]) {
  const told: unknown[][] = [];
  const change = (name: string) => (input: Readonly<Record<string, unknown>>) => void told.push([name, input]);
  const fake = fakeClient<ServiceDiscoveryClient>({
    ListServices: { Services: services },
    ListInstances: ({ ServiceId }) => ({ Instances: [{ Id: `old of ${String(ServiceId)}` }] }),
    DeleteService: change('DeleteService'),
    DeregisterInstance: change('DeregisterInstance'),
    RegisterInstance: change('RegisterInstance'),
    CreateService: (input) => {
      told.push(['CreateService', input]);
      return { Service: { Id: 'srv-new' } };
    },
  });
  // The paginators take nothing but a client of their own.
  const client = new ServiceDiscoveryClient({ region: 'us-east-1', endpoint: 'http://127.0.0.1:1' });
  const { complain, list } = complaints();
  await new CloudMapSync(Object.assign(client, { send: fake.send.bind(fake) })).sync(NAMES, [TASK], complain);
  return { told, list };
}

test('a missing name is created, and its description says whose it is', async () => {
  const { told, list } = await synced([{ ...THEIRS, Name: 'other' }]);
  expect(told).toEqual([
    ['CreateService', { Name: 'web', NamespaceId: 'ns-1', Type: 'HTTP', Description: AGREED.cloudMapDescription }],
    ['RegisterInstance', expect.objectContaining({ ServiceId: 'srv-new', InstanceId: 'new' })],
  ]);
  expect(list).toEqual([]);
});

test.each([
  ['alone', [OURS]],
  ['behind one of somebody else', [THEIRS, OURS]],
])('what an agent before this one made is taken over: %s', async (_, services) => {
  const { told, list } = await synced(services);
  expect(told).toEqual([
    ['DeregisterInstance', { ServiceId: 'srv-ours', InstanceId: 'old of srv-ours' }],
    ['RegisterInstance', expect.objectContaining({ ServiceId: 'srv-ours', InstanceId: 'new' })],
  ]);
  expect(list).toEqual([]);
});

test('a service that somebody else made is not touched, and the name is complained about', async () => {
  const { told, list } = await synced([THEIRS]);
  expect(told).toEqual([]);
  expect(list).toEqual([
    [
      'web',
      'Cloud Map, web: srv-theirs has this name and is not of Service Connect: take another discoveryName, or delete it',
    ],
  ]);
});
