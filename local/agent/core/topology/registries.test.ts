import { fakePlan } from '../../testing/fake-task.ts';
import { serviceWith } from '../../testing/region-state.ts';
import type { DiscoveryService } from '../names/region-names.ts';
import { registrySteps } from './registries.ts';

const SERVICE = serviceWith({
  name: 'web',
  registries: [{ arn: 'arn:registry', port: undefined, containerPort: 8080 }],
});
const task = (id: string, there = true, healthy = true) => ({
  plan: fakePlan({ id, service: SERVICE }),
  there,
  healthy,
});
const discovery = (more: Partial<DiscoveryService> = {}): DiscoveryService => ({
  ...{ id: 'srv-1', arn: 'arn:registry', name: 'web', namespaceId: 'ns', routingPolicy: 'MULTIVALUE' },
  ...{ records: [], customHealth: true, instances: [] },
  ...more,
});
const row = (id: string, healthy = true, attributes: Record<string, string> = { ECS_TASK_DEFINITION_FAMILY: 'f' }) => ({
  ...{ id, attributes, healthy },
});

test('a task that runs is registered with its address, port and health, as ECS does it', () => {
  expect(registrySteps([task('a', true, false), task('b', false)], [discovery()])).toEqual([
    {
      ...{ act: 'register', serviceId: 'srv-1', instanceId: 'a', ecsService: SERVICE.arn },
      attributes: {
        ...{ AWS_INSTANCE_IPV4: '10.0.1.4', AWS_INSTANCE_PORT: '8080', AWS_INIT_HEALTH_STATUS: 'UNHEALTHY' },
        ...{ AVAILABILITY_ZONE: 'us-east-1a', REGION: '', ECS_CLUSTER_NAME: 'c', ECS_SERVICE_NAME: 'web' },
        ECS_TASK_DEFINITION_FAMILY: 'f',
      },
    },
  ]);
});

test('a service without a custom health check has no health to tell', () => {
  const plain = discovery({ customHealth: false, instances: [row('a')] });
  expect(registrySteps([task('a', true, false)], [plain])).toEqual([]);
  const [step] = registrySteps([task('b')], [plain]).filter(({ act }) => act === 'register');
  expect(step).not.toHaveProperty('attributes.AWS_INIT_HEALTH_STATUS');
});

test('health is told when it changes, a task that stops is taken out, and what a person registered is left', () => {
  const instances = [row('a', true), row('b', false), row('gone'), row('of a person', true, {})];
  expect(registrySteps([task('a', true, false), task('b', true, false)], [discovery({ instances })])).toEqual([
    expect.objectContaining({ act: 'deregister', instanceId: 'gone' }),
    expect.objectContaining({ act: 'health', instanceId: 'a', healthy: false }),
  ]);
  expect(
    registrySteps([task('a')], [discovery({ instances })]).map(({ act, instanceId }) => [act, instanceId]),
  ).toEqual([
    ['deregister', 'b'],
    ['deregister', 'gone'],
  ]);
});
