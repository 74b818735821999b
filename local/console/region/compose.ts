/** One look at the whole region, put together from what the AWS APIs and the agent say. Pure. */
import type { DoorPort } from '../../region/doors.ts';
import type { Namespace } from '../../agent/core/region-state.ts';
import type { OperatorOrders } from '../../region/orders.ts';
import type { Observation, ObservedInterval } from '../../region/observation.ts';
import type { PlacedLoadBalancer } from '../../agent/aws/read-load-balancers.ts';
import type { Region, RegionProblem, Task } from '../protocol/region.ts';
import { deniedEdges } from './denied.ts';
import { edgesOf, inboundOf, type NodeIds } from './edges.ts';
import { loadBalancersOf } from './load-balancers.ts';
import { problemsOf } from '../../deploy/waiting/problems.ts';
import type { Moment } from '../../deploy/waiting/moment.ts';
import { loadBalancerId, serviceIds } from '../../region/service-ids.ts';
import { servicesOf, type ReadDefinition, type ReadService } from './services.ts';

/** What the AWS APIs say. */
export interface AwsState {
  readonly services: readonly ReadService[];
  readonly definitions: ReadonlyMap<string, ReadDefinition>;
  readonly namespaces: readonly Namespace[];
  readonly loadBalancers: readonly PlacedLoadBalancer[];
  /** What goes on beside that, and what goes wrong. */
  readonly moment?: Moment;
}

export interface RegionInput {
  readonly at: number;
  readonly region: { readonly regionId: string; readonly startedAt: string; readonly endpoint: string };
  readonly aws: AwsState;
  readonly controlPlaneAnswers: boolean;
  readonly agentAnswers: boolean;
  readonly observation: Observation;
  readonly intervals: readonly ObservedInterval[];
  readonly doors: readonly DoorPort[];
  readonly orders: OperatorOrders;
}

/** Ids of services and load balancers by ARN. */
export function nodeIds({ aws, observation }: Pick<RegionInput, 'aws' | 'observation'>): NodeIds {
  const services = aws.services.map(({ narrow }) => ({
    arn: narrow.arn,
    serviceName: narrow.name,
    discoveryNames: (narrow.deployments[0]?.serviceConnect?.services ?? []).map(({ discoveryName }) => discoveryName),
  }));
  const balancers = observation.loadBalancers.map(({ arn, name }) => [arn, loadBalancerId(name)] as const);
  return new Map([...serviceIds(services), ...balancers]);
}

/** Who has which address now. */
export function addressOwners({ observation }: Pick<RegionInput, 'observation'>, ids: NodeIds): Map<string, string> {
  return new Map([
    ...observation.tasks.map(({ address, serviceArn }) => [address, ids.get(serviceArn) ?? serviceArn] as const),
    ...observation.loadBalancers.flatMap(({ name, nodes }) =>
      nodes.map(({ address }) => [address, loadBalancerId(name)] as const),
    ),
  ]);
}

/** Security groups by ARN. */
function securityGroups({ aws, observation }: RegionInput): Map<string, readonly string[]> {
  return new Map([
    ...aws.services.map(({ narrow }) => [narrow.arn, narrow.deployments[0]?.securityGroupIds ?? []] as const),
    ...observation.loadBalancers.map(({ arn, securityGroupIds }) => [arn, securityGroupIds] as const),
  ]);
}

function tasksOf({ observation }: RegionInput, ids: NodeIds): Task[] {
  return observation.tasks.map((task) => ({
    ...task,
    service: ids.get(task.serviceArn) ?? task.serviceArn.split('/').at(-1) ?? task.serviceArn,
    containers: task.containers.map(({ name, lastStatus, healthStatus, image }) => ({
      name,
      status: lastStatus,
      health: healthStatus,
      image,
    })),
    ejectedBy: [
      ...new Set(
        observation.ejected
          .filter(({ address }) => address === task.address)
          .map(({ caller }) => ids.get(caller) ?? caller),
      ),
    ],
  }));
}

function problemsIn({ moment }: AwsState): RegionProblem[] {
  if (moment === undefined) return [];
  return problemsOf(moment).map(({ resource, name, what, since }) => {
    const service = moment.names.get(resource);
    return { name, what, since, ...(service === undefined ? {} : { service }) };
  });
}

export function composeRegion(input: RegionInput): Region {
  const { aws, observation, intervals, orders, region } = input;
  const ids = nodeIds(input);
  const { edges, tasks } = observation;
  return {
    at: input.at,
    regionId: region.regionId,
    startedAt: region.startedAt,
    endpoint: region.endpoint,
    controlPlaneAnswers: input.controlPlaneAnswers,
    agentAnswers: input.agentAnswers,
    problems: problemsIn(aws),
    services: servicesOf({ ...aws, tasks, ids }),
    tasks: tasksOf(input, ids),
    loadBalancers: loadBalancersOf({ placed: aws.loadBalancers, observation, doors: input.doors, ids }),
    edges: edgesOf(edges, intervals, ids),
    denied: deniedEdges(observation.denied, ids, securityGroups(input)),
    deniedAreCounted: observation.denied !== undefined,
    inbound: inboundOf(edges, intervals, new Map(aws.services.map(({ narrow: { arn } }) => [arn, ids.get(arn) ?? '']))),
    faults: {
      services: orders.faults,
      lostZones: [...orders.lostZones],
      minuteSeconds: orders.minuteSeconds,
    },
    zones: [
      ...new Set([...tasks, ...observation.loadBalancers.flatMap(({ nodes }) => nodes)].map(({ zone }) => zone)),
    ].sort(),
  };
}
