/** Held against what the agent makes for a proxy, so that a link does not outlive a change of the configuration. */
import { sidecarResources } from '../../agent/core/envoy/sidecar.ts';
import { aliasesOf } from '../../agent/core/topology/service-connect.ts';
import { planTask } from '../../agent/core/topology/task-planner.ts';
import { deployment, NAMESPACE, PLANNER_SETTINGS, stateWith, SUBNET } from '../../agent/testing/region-state.ts';
import type { Document } from '../protocol/envoy.ts';
import type { Entry } from './link.ts';
import { envoyLinks } from './links.ts';
import { valueAt } from './pointers.ts';

const state = stateWith([deployment({ perRequestTimeoutSeconds: 7, idleTimeoutSeconds: 70 })]);
const [service] = state.services;
if (service?.deployments[0] === undefined) throw new Error('the state has no service');
const { sidecar } = planTask(
  {
    ...{ id: '0'.repeat(32), service, deployment: service.deployments[0], zone: SUBNET.zone, address: '10.0.1.4' },
    ...{ capacityProvider: undefined, aliases: aliasesOf(NAMESPACE, state), targetGroupOf: () => '' },
  },
  state,
  PLANNER_SETTINGS,
);
if (sidecar === undefined) throw new Error('the task has no proxy');
const { listeners, clusters } = sidecarResources(sidecar);
const documents = (kind: string, { resources }: Readonly<Record<string, unknown>>): Document[] =>
  (resources as { name: string }[]).map((json) => ({ id: `${kind} ${json.name}`, title: json.name, json }));
const envoy = [...documents('listener', listeners), ...documents('cluster', clusters)];

const template: Document = {
  ...{ id: 'Stack/Service', title: 'Service' },
  json: {
    Properties: {
      ServiceConnectConfiguration: {
        AccessLogConfiguration: { Format: 'JSON' },
        Services: [
          {
            PortName: 'web',
            ClientAliases: [{ DnsName: 'service', Port: 8080 }],
            Timeout: { PerRequestTimeoutSeconds: 7, IdleTimeoutSeconds: 70 },
          },
        ],
      },
    },
  },
};
const taskDefinition: Document = {
  ...{ id: 'Stack/TaskDefinition', title: 'TaskDefinition' },
  json: {
    Properties: {
      ContainerDefinitions: [{ Name: 'helper' }, { PortMappings: [{ Name: 'other' }, { Name: 'web' }] }],
    },
  },
};
const [alias] = sidecar.aliases;
const entry: Entry = {
  ...{ discoveryName: alias?.discoveryName ?? '', portName: 'web', containerPort: 3000, index: 0 },
  ...{ document: template, taskDefinition, aliases: sidecar.aliases },
};

/** What a link marks: the end of its place in the template, and the values that Envoy has. */
function marked(links: ReturnType<typeof envoyLinks>): Map<string | undefined, unknown[]> {
  const valuesOf = (pointers: ReturnType<typeof envoyLinks>[number]['envoy']): unknown[] =>
    pointers.map(({ document, pointer }) =>
      valueAt(envoy.find(({ id }) => id === document)?.json, pointer.slice(1).split('/')),
    );
  return new Map(links.map((link) => [link.template?.pointer, valuesOf(link.envoy)]));
}

const SETTINGS = '/Properties/ServiceConnectConfiguration/Services/0';

test('a setting of the template marks the values that were made from it, on both sides of the proxy', () => {
  const callers = marked(envoyLinks(template, [], [entry], envoy));
  expect(new Set(callers.get(`${SETTINGS}/Timeout/PerRequestTimeoutSeconds`))).toEqual(new Set(['7s']));
  expect(new Set(callers.get(`${SETTINGS}/Timeout/IdleTimeoutSeconds`))).toEqual(new Set(['70s']));
  expect(callers.get(`${SETTINGS}/PortName`)).toContain(alias?.edsName);
  expect(callers.get(`${SETTINGS}/ClientAliases/0`)).toHaveLength(1);
  const called = marked(envoyLinks(template, [entry], [], envoy));
  expect(called.get('/Properties/ContainerDefinitions/1/PortMappings/1')).toContain(3000);
});

test('every place of a link exists, and each link has one', () => {
  const links = envoyLinks(template, [entry], [entry], envoy);
  expect(links.length).toBeGreaterThan(10);
  for (const link of links) expect(link.envoy).not.toEqual([]);
  expect([...marked(links).values()].flat()).not.toContain(undefined);
});

test('what nobody set is a default, and has no place in a template', () => {
  const bare = { ...template, json: { Properties: { ServiceConnectConfiguration: { Services: [{}] } } } };
  const links = envoyLinks(bare, [], [{ ...entry, document: bare }], envoy);
  expect(links.map(({ template: place }) => place)).toEqual(links.map(() => undefined));
  expect(links.some(({ says }) => says.includes('15 seconds'))).toBe(true);
});

test('a proxy that does not know an alias has no line for it', () => {
  const stranger = { ...entry, discoveryName: 'stranger', aliases: [{ dnsName: 'stranger', port: 1 }] };
  expect(envoyLinks(undefined, [], [stranger], envoy)).toEqual([]);
});
