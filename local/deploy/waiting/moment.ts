/** What is read of a region to say what goes wrong in it, as plain data. */
import type { Service } from '@aws-sdk/client-ecs';
import type { ResourceComplaint } from '../../region/complaints.ts';

export interface StoppedTask {
  readonly id: string;
  readonly serviceArn: string;
  /** As DescribeTasks has it: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Task.html */
  readonly stopCode: string;
  /** With the last log lines of the container that ended. */
  readonly reason: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** A target that a deployment waits for. */
export interface AwaitedTarget {
  /** With its port. */
  readonly address: string;
  /** As DescribeTargetHealth has it: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetHealth.html */
  readonly state: string;
  readonly description: string;
}

export interface StackState {
  readonly name: string;
  readonly status: string;
  readonly reason: string;
  /** Epoch milliseconds of its last change. */
  readonly at: number;
}

export interface StackEvent {
  readonly id: string;
  readonly stack: string;
  /** Logical id. */
  readonly resource: string;
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly at: number;
}

/** One look at a region. */
export interface Moment {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly services: readonly Service[];
  /** What each service is called in tables, by ARN. */
  readonly names: ReadonlyMap<string, string>;
  readonly stopped: readonly StoppedTask[];
  /** Those that are not healthy yet, by the ARN of a service whose deployment is under way. */
  readonly awaited: ReadonlyMap<string, readonly AwaitedTarget[]>;
  readonly stacks: readonly StackState[];
  /** Of the stacks that are changed now, and of those that just were. */
  readonly stackEvents: readonly StackEvent[];
  readonly complaints: readonly ResourceComplaint[];
}
