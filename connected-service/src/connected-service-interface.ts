import type { IConnectable } from 'aws-cdk-lib/aws-ec2';
import type { IAlternateTarget, IBaseService } from 'aws-cdk-lib/aws-ecs';
import type { ApplicationProtocol, IApplicationLoadBalancerTarget } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { BlueGreenOptions } from './blue-green.ts';
import type { ServiceObservability } from './observability/service-observability.ts';
import type { TaskScaling } from './task-scaling.ts';

/** What a stack does with the service beyond this construct: add edges and dependencies. */
export interface IMeshService extends IBaseService, IConnectable {}

/** What a load balancer in front of a service has to know about it. */
export interface IConnectedService {
  /** The ECS service itself. */
  readonly fargateService: IMeshService;
  /** What the proxy of a task speaks on the container port. */
  readonly ingressProtocol: ApplicationProtocol;
  /** What changes the number of tasks, where something does. */
  readonly scaling: TaskScaling | undefined;
  /** Dashboard, alarms and queries, where they are asked for. */
  readonly observability: ServiceObservability | undefined;
  /** How a new version takes over, where it is not a rolling update. */
  readonly blueGreen: BlueGreenOptions | undefined;
  /**
   * The container port as a target of a load balancer.
   * @param alternateTarget where the tasks of the other version go, with `blueGreen`
   */
  loadBalancerTarget(alternateTarget?: IAlternateTarget): IApplicationLoadBalancerTarget;
}
