/** What the map draws, out of the region. */
import type { CallRates, DeniedEdge, Deployment, Edge, LoadBalancer, Region, Service, Task } from '../../protocol.ts';
import { nodeName, viaOf } from '../../words.ts';
import { edgeState, isDenied, type EdgeState } from './edge-look.ts';

export type TaskLook = 'ok' | 'warn' | 'bad' | 'idle';

export interface MapNode {
  readonly id: string;
  /** An address: something that is neither, and was denied. */
  readonly kind: 'load-balancer' | 'service' | 'address';
  readonly name: string;
  readonly subtitle: string;
  readonly tasks: readonly Task[];
  readonly desired: number;
  /** A deployment in progress, a fault: one short word. */
  readonly badge: { readonly tone: 'info' | 'warn'; readonly text: string } | undefined;
}

export interface MapEdge {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  /** See `viaOf`. */
  readonly via: string;
  readonly state: EdgeState;
  readonly now: CallRates | undefined;
  readonly tls: boolean;
  /** Security groups don't allow it: there is no such edge in the mesh. */
  readonly aside: boolean;
  /** Attempts that security groups refused. */
  readonly denied: readonly DeniedEdge[];
}

export interface MapModel {
  readonly nodes: readonly MapNode[];
  readonly edges: readonly MapEdge[];
}

export function mapModel(region: Region): MapModel {
  const edges = region.edges.map((edge) => mapEdge(edge, region));
  const drawn = new Set(edges.map(({ from, to }) => `${from}>${to}`));
  for (const { from, to } of region.denied) {
    const id = `${from}>${to}`;
    if (drawn.has(id)) continue;
    drawn.add(id);
    const denied = region.denied.filter((one) => one.from === from && one.to === to);
    edges.push({ id, from, to, via: '', state: 'denied', now: undefined, tls: false, aside: true, denied });
  }
  const known = [
    ...region.loadBalancers.map((one) => loadBalancerNode(one, region)),
    ...region.services.map((one) => serviceNode(one, region)),
  ];
  const ids = new Set(known.map(({ id }) => id));
  const strangers = new Set(edges.flatMap(({ from, to }) => [from, to]).filter((id) => !ids.has(id)));
  return { nodes: [...known, ...[...strangers].map(addressNode)], edges };
}

function mapEdge(edge: Edge, { denied, at }: Region): MapEdge {
  const { id, from, to, now, tls, allowed } = edge;
  const own = denied.filter((one) => one.from === from && one.to === to);
  const state = edgeState(now, isDenied(edge, own, at));
  return { id, from, to, via: viaOf(edge), now, tls, aside: !allowed, denied: own, state };
}

function loadBalancerNode({ id, url, targetGroups, internetFacing }: LoadBalancer, region: Region): MapNode {
  const where = url?.replace(/^https?:\/\//, '').replace(/\/$/, '');
  return {
    id,
    kind: 'load-balancer',
    name: nodeName(id, region),
    subtitle: where ?? (internetFacing ? 'internet-facing' : 'internal'),
    tasks: [],
    desired: targetGroups.length,
    badge: undefined,
  };
}

function serviceNode(service: Service, region: Region): MapNode {
  const alias = service.aliases[0];
  return {
    id: service.id,
    kind: 'service',
    name: service.id,
    subtitle: alias === undefined ? service.serviceName : `${alias.dnsName}:${String(alias.port)}`,
    tasks: region.tasks.filter((task) => task.service === service.id),
    desired: service.desired,
    badge: faultBadge(service, region) ?? rolloutBadge(service.deployments),
  };
}

const addressNode = (id: string): MapNode => ({
  id,
  kind: 'address',
  name: id,
  subtitle: 'no service of this region',
  tasks: [],
  desired: 0,
  badge: undefined,
});

function faultBadge({ id, serviceName }: Service, { faults }: Region): MapNode['badge'] {
  const fault = faults.services[id] ?? faults.services[serviceName];
  if (fault === undefined) return undefined;
  return { tone: 'warn', text: fault.abort === undefined ? 'slowed' : `fault ${String(fault.abort.status)}` };
}

function rolloutBadge(deployments: readonly Deployment[]): MapNode['badge'] {
  const rolling = deployments.find(({ rolloutState }) => rolloutState === 'IN_PROGRESS');
  return rolling === undefined ? undefined : { tone: 'info', text: 'deploying' };
}

export function taskLook(task: Task): TaskLook {
  if (!task.wanted || task.status !== 'RUNNING') return 'idle';
  if (task.health === 'UNHEALTHY') return 'bad';
  return task.ejectedBy.length > 0 ? 'warn' : 'ok';
}

export function taskSays(task: Task): string {
  if (!task.wanted) return 'stopping';
  if (task.status !== 'RUNNING') return task.status.toLowerCase();
  if (task.health === 'UNHEALTHY') return 'unhealthy';
  return task.ejectedBy.length > 0 ? `left out by ${task.ejectedBy.join(', ')}` : 'healthy';
}
