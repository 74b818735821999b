/** Reads the targets that services which are being deployed wait for. */
import {
  DescribeTargetHealthCommand,
  type ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Service } from '@aws-sdk/client-ecs';
import type { AwaitedTarget } from './moment.ts';

const AWAITED = ['initial', 'unhealthy'];

/** @returns by the service's ARN; a target group that is gone has none */
export async function awaitedTargets(
  elb: ElasticLoadBalancingV2Client,
  services: readonly Service[],
): Promise<Map<string, AwaitedTarget[]>> {
  const found = services
    .filter(({ deployments: [primary] = [] }) => primary?.rolloutState === 'IN_PROGRESS')
    .map(async ({ serviceArn = '', loadBalancers = [] }): Promise<[string, AwaitedTarget[]]> => {
      const groups = loadBalancers.map(async ({ targetGroupArn: TargetGroupArn }) => {
        const asked = new DescribeTargetHealthCommand({ TargetGroupArn });
        const { TargetHealthDescriptions = [] } = await elb.send(asked).catch(() => ({ TargetHealthDescriptions: [] }));
        return TargetHealthDescriptions.flatMap(({ Target: { Id = '', Port = 0 } = {}, TargetHealth: health = {} }) =>
          health.State !== undefined && AWAITED.includes(health.State)
            ? [{ address: `${Id}:${String(Port)}`, state: health.State, description: health.Description ?? '' }]
            : [],
        );
      });
      return [serviceArn, (await Promise.all(groups)).flat()];
    });
  return new Map(await Promise.all(found));
}
