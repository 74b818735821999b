/** What a task gets from the agent that runs it. */
import type { AwsClients } from '../aws/clients.ts';
import { deregistrationDelay } from '../aws/deregistration-delay.ts';
import { secretValues } from '../aws/secret-values.ts';
import type { TaskPlan } from '../core/task-plan.ts';
import type { EndpointPublisher } from '../endpoints/endpoint-publisher.ts';
import type { LoadBalancerController } from '../load-balancers/load-balancer-controller.ts';
import { taskEnvironment } from '../core/task-endpoint/environment.ts';
import type { TaskContext } from '../runtime/task.ts';
import type { VpcRouter } from '../runtime/vpc-router.ts';
import type { ServiceController } from '../services/service-controller.ts';
import type { ApiEndpoint } from '../task-endpoint/api-endpoint.ts';
import type { TaskEndpoint } from '../task-endpoint/task-endpoint.ts';

/** What is the same for every task. */
type Machine = Pick<
  TaskContext,
  'envoyPath' | 'image' | 'onChange' | 'otlpSockets' | 'rootless' | 'socketDirectory' | 'tools'
>;

export interface TaskContextParts {
  readonly aws: AwsClients;
  readonly region: string;
  readonly machine: Machine;
  readonly services: Pick<ServiceController, 'note'>;
  readonly endpoints: Pick<EndpointPublisher, 'published'>;
  readonly loadBalancers: Pick<LoadBalancerController, 'interfaces'>;
  readonly openEndpoints: (vpcId: string, router: VpcRouter) => Promise<void>;
}

/** What answers the tasks of a VPC at its router; done once for each, unless it fails. */
export const opening =
  (...endpoints: readonly Pick<ApiEndpoint | TaskEndpoint, 'open'>[]): TaskContextParts['openEndpoints'] =>
  async (vpcId, router) => {
    await Promise.all(endpoints.map((one) => one.open(vpcId, router)));
  };

export function taskContext(plan: TaskPlan, router: VpcRouter, parts: TaskContextParts): TaskContext {
  const { aws, endpoints, loadBalancers, machine, region, services, openEndpoints } = parts;
  return {
    ...machine,
    router,
    endpointReady: () => openEndpoints(plan.subnet.vpcId, router),
    environment: ({ name }) => taskEnvironment(plan, name, region),
    secrets: (definition) => secretValues(definition, aws),
    note: (message) => {
      services.note(plan.service, message);
    },
    withdrawn: (dead) => endpoints.published(plan, dead),
    deregistration: async () => ({
      balancers: loadBalancers.interfaces().map(({ address }) => address),
      seconds: await deregistrationDelay(
        aws.elbv2,
        plan.targets.map(({ targetGroupArn }) => targetGroupArn),
      ),
    }),
  };
}
