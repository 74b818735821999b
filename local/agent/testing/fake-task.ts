/** A task that nothing runs for: its state is whatever a test says. */
import type { Service, ServiceLoadBalancer } from '../core/region-state.ts';
import { isFailure, type TaskPlan } from '../core/task-plan.ts';
import type { Task } from '../runtime/task.ts';
import { containerDefinition } from './container-definition.ts';
import { definition, deployment, serviceWith, SUBNET } from './region-state.ts';

/** A container as a task has it, with what decides something. */
export const fakeContainer = (
  overrides: Parameters<typeof containerDefinition>[0] = {},
  healthStatus: 'HEALTHY' | 'UNHEALTHY' | 'UNKNOWN' = 'HEALTHY',
  startedAt = 0,
) => ({ definition: containerDefinition(overrides), healthStatus, startedAt });

/** The plan of a task that is registered with these target groups, at its port 3000. */
export function fakePlan(overrides: Partial<TaskPlan> = {}, targetGroupArns: readonly string[] = []): TaskPlan {
  return {
    id: 'task',
    arn: 'arn:task/c/task',
    service: serviceWith({}),
    deployment: deployment(),
    taskDefinition: definition('http'),
    subnet: SUBNET,
    capacityProvider: undefined,
    address: '10.0.1.4',
    hostname: 'ip-10-0-1-4.ec2.internal',
    gateway: '10.0.1.1',
    hosts: '',
    resolv: '',
    sidecar: undefined,
    targets: targetGroupArns.map((targetGroupArn) => ({ targetGroupArn, containerPort: 3000 })),
    logDirectory: '/log',
    runDirectory: '/run',
    ...overrides,
  };
}

type State = Partial<
  Pick<
    Task,
    | 'status'
    | 'wanted'
    | 'healthy'
    | 'healthyOnce'
    | 'unhealthy'
    | 'startedAt'
    | 'stopCause'
    | 'createdAt'
    | 'refresh'
    | 'refusal'
  >
>;

/** A task that runs and is healthy, but for what is given. `stop` leaves the cause in it. */
export function fakeTask(
  plan: TaskPlan,
  state: State = {},
  containers: readonly ReturnType<typeof fakeContainer>[] = [fakeContainer()],
): Task {
  const task = {
    plan,
    status: 'RUNNING',
    wanted: true,
    healthy: true,
    healthyOnce: true,
    unhealthy: false,
    startedAt: 0,
    createdAt: 0,
    stopCause: undefined as Task['stopCause'],
    containers: new Map(containers.map((one) => [one.definition.name, one])),
    refresh: () => Promise.resolve(),
    refusal: undefined,
    get failed(): boolean {
      return task.stopCause !== undefined && isFailure(task.stopCause);
    },
    stop(cause: NonNullable<Task['stopCause']>) {
      Object.assign(task, { stopCause: cause, wanted: false, healthy: false, status: 'STOPPED' });
      return Promise.resolve();
    },
  };
  Object.assign(task, state);
  // The code under test reads none of the members that are missing here.
  return task as unknown as Task;
}

export const balancerOf = (targetGroupArn: string): ServiceLoadBalancer => ({
  targetGroupArn,
  shift: undefined,
  containerName: 'app',
  containerPort: 3000,
});

export const serviceBehind = (targetGroupArn: string): Service =>
  serviceWith({ loadBalancers: [balancerOf(targetGroupArn)] });
