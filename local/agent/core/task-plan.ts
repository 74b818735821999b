/** Everything that is decided about a task before anything of it is started. */
import type { Sidecar } from './mesh.ts';
import type { Deployment, Service, Subnet } from './region-state.ts';
import type { TaskDefinition } from './task-definition.ts';
import type { TaskOrder } from './task-order.ts';

export type TaskStatus =
  'PROVISIONING' | 'PENDING' | 'ACTIVATING' | 'RUNNING' | 'DEACTIVATING' | 'STOPPING' | 'DEPROVISIONING' | 'STOPPED';

export interface TaskPlan {
  /** 32 hexadecimal digits. */
  readonly id: string;
  readonly arn: string;
  readonly service: Service;
  readonly deployment: Deployment;
  /** Present for a task of no service, whose service and deployment say what its order says. */
  readonly order?: TaskOrder | undefined;
  readonly taskDefinition: TaskDefinition;
  readonly subnet: Subnet;
  /** Absent for a service with a launch type. */
  readonly capacityProvider: string | undefined;
  readonly address: string;
  readonly gateway: string;
  /** As on Fargate: `ip-10-0-0-4.ec2.internal`. */
  readonly hostname: string;
  /** Content of the task's /etc/hosts. */
  readonly hosts: string;
  /** Content of its /etc/resolv.conf. */
  readonly resolv: string;
  /** Absent when the service is not in Service Connect. */
  readonly sidecar: Sidecar | undefined;
  /** Where the task is registered; a blue/green deployment has a target group of its own. */
  readonly targets: readonly { readonly targetGroupArn: string; readonly containerPort: number }[];
  readonly logDirectory: string;
  readonly runDirectory: string;
}

/** Why a task stopped, in the words of DescribeTasks. */
export interface StopCause {
  readonly reason: string;
  readonly code:
    | 'EssentialContainerExited'
    | 'TaskFailedToStart'
    | 'ServiceSchedulerInitiated'
    | 'UserInitiated'
    | 'TerminationNotice';
}

/** The machine under the task is gone: nothing of it can be asked to finish. */
export function isAbrupt(cause: StopCause): boolean {
  return cause.code === 'TerminationNotice';
}

/** Stops that count against a deployment. */
export function isFailure(cause: StopCause): boolean {
  return cause.code === 'EssentialContainerExited' || cause.code === 'TaskFailedToStart';
}
