/** Load balancers as the page has them. */
import type { DoorPort } from '../../region/doors.ts';
import type { Action, Condition } from '../../aws-shapes/listener-rule.ts';
import type { Observation } from '../../region/observation.ts';
import type { PlacedLoadBalancer } from '../../agent/aws/read-load-balancers.ts';
import type { LoadBalancer } from '../protocol/region.ts';
import { loadBalancerId } from '../../region/service-ids.ts';

function conditionText(condition: Condition): string {
  switch (condition.field) {
    case 'http-header':
      return `header ${condition.name} is ${condition.values.join(' or ')}`;
    case 'query-string':
      return `query has ${condition.values.map(({ key, value }) => (key === undefined ? value : `${key}=${value}`)).join(' or ')}`;
    case 'path-pattern':
      return `path is ${condition.values.join(' or ')}`;
    case 'host-header':
      return `host is ${condition.values.join(' or ')}`;
    case 'http-request-method':
      return `method is ${condition.values.join(' or ')}`;
    case 'source-ip':
      return `source is ${condition.values.join(' or ')}`;
  }
}

function actionText(action: Action): string {
  if (action.type === 'forward') return 'forward';
  if (action.type === 'fixed-response') return `${String(action.status)} ${action.contentType}`.trim();
  const { status, protocol, host, port, path, query } = action;
  return `redirect ${String(status)} to ${protocol.toLowerCase()}://${host}:${port}${path}${query === '' ? '' : `?${query}`}`;
}

export interface LoadBalancersInput {
  readonly placed: readonly PlacedLoadBalancer[];
  readonly observation: Observation;
  readonly doors: readonly DoorPort[];
  /** Service ids by ARN. */
  readonly ids: ReadonlyMap<string, string>;
}

export function loadBalancersOf({ placed, observation, doors, ids }: LoadBalancersInput): LoadBalancer[] {
  const taskAt = new Map(observation.tasks.map(({ id, address }) => [address, id]));
  return observation.loadBalancers.map((running): LoadBalancer => {
    const listeners = placed.find(({ loadBalancer }) => loadBalancer.arn === running.arn)?.loadBalancer.listeners ?? [];
    const urlOf = (port: number): string | undefined => {
      const door = doors.find((one) => one.loadBalancerArn === running.arn && one.port === port);
      return door === undefined ? undefined : `${door.protocol.toLowerCase()}://localhost:${String(door.localPort)}`;
    };
    return {
      id: loadBalancerId(running.name),
      name: running.name,
      arn: running.arn,
      internetFacing: running.internetFacing,
      url: listeners.map(({ port }) => urlOf(port)).find((url) => url !== undefined),
      nodes: running.nodes,
      listeners: listeners.map(({ port, rules }) => ({
        port,
        url: urlOf(port),
        rules: rules.map(({ arn, priority, conditions, action }) => ({
          arn,
          priority,
          conditions: conditions.map(conditionText),
          action: actionText(action),
          forwardsTo:
            action.type === 'forward'
              ? action.targetGroups.map((group) => ({ targetGroupArn: group.arn, weight: group.weight }))
              : [],
        })),
      })),
      targetGroups: running.targetGroups.map(({ arn, targets }) => ({
        arn,
        name: arn.split(':targetgroup/')[1]?.split('/')[0] ?? arn,
        service: ids.get(
          observation.edges.find((edge) => edge.caller === running.arn && edge.targetGroupArn === arn)?.serverArn ?? '',
        ),
        targets: targets.map(({ id, port, availabilityZone, state, description }) => ({
          address: id,
          port,
          zone: availabilityZone,
          state,
          reason: description,
          taskId: taskAt.get(id),
        })),
      })),
    };
  });
}
