import type { CapacityProviderStrategy } from 'aws-cdk-lib/aws-ecs';

/** Tasks on spare capacity, which AWS takes back with two minutes' notice: SIGTERM, then as at any stop. */
export interface SpotOptions {
  /**
   * Share of the tasks beyond `onDemandBase` that run on Fargate Spot, in percent from 1 to 99. Graviton
   * counts: Spot runs ARM64 tasks as well.
   */
  readonly percent: number;
  /**
   * Tasks that run on demand before the share counts.
   * @default 1 - one task stays, whatever becomes of Spot
   */
  readonly onDemandBase?: number;
}

/**
 * A strategy in any case, which ECS changes in a rolling update. With a launch type until there is one, CloudFormation would
 * replace the service, and cannot: the new one would have the Service Connect names of the one that is there.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecs-service.html
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-capacity-providers.html
 */
export function capacityProviderStrategies(spot: SpotOptions | undefined): CapacityProviderStrategy[] {
  if (spot === undefined) return [{ capacityProvider: 'FARGATE', weight: 1 }];
  const { percent, onDemandBase = 1 } = spot;
  // At 100 the on-demand provider would have weight 0, and then takes no task at all.
  // https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CapacityProviderStrategyItem.html
  if (!Number.isInteger(percent) || percent < 1 || percent > 99) {
    throw new Error(`spot.percent is ${percent}: give a whole percentage from 1 to 99`);
  }
  if (!Number.isInteger(onDemandBase) || onDemandBase < 0) {
    throw new Error(`spot.onDemandBase is ${onDemandBase}: give a whole number of tasks, 0 or more`);
  }
  return [
    { capacityProvider: 'FARGATE', base: onDemandBase, weight: 100 - percent },
    { capacityProvider: 'FARGATE_SPOT', weight: percent },
  ];
}
