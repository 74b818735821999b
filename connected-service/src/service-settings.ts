import type { BlueGreenOptions } from './blue-green.ts';
import type { SpotOptions } from './fargate-spot.ts';
import type { ObservabilityOptions } from './observability/service-observability.ts';
import type { ServiceConnectTlsOptions } from './service-connect-tls.ts';
import type { ScalingOptions } from './task-scaling.ts';
import type { TracingOptions } from './tracing/tracing-options.ts';

/** What a team decides about a service from one deployment to the next; `bin/` of its project sets it. */
export interface ServiceSettings {
  /**
   * How many tasks run, and with `scaling` how many at least; two or more, so that a retry finds another host and one
   * zone may be lost.
   */
  readonly desiredCount: number;
  /**
   * CPU units of each task, 1024 of them to a vCPU; half of them are the application's.
   * @default 1024
   */
  readonly cpu?: number;
  /**
   * Memory of each task in MiB, of a size that Fargate has with `cpu`; half of it is reserved for the application.
   * @default 2048
   */
  readonly memory?: number;
  /**
   * Adds and removes tasks as the load asks for.
   * @default - `desiredCount` tasks run, whatever the load
   */
  readonly scaling?: ScalingOptions;
  /**
   * Encrypts what other services send to this one, with certificates of an AWS Private CA.
   * @default - plain HTTP within the VPC
   */
  readonly tls?: ServiceConnectTlsOptions;
  /**
   * Starts all tasks of a new version beside the old ones, lets tests in first, and then moves all traffic at once.
   * @default - a rolling update
   */
  readonly blueGreen?: BlueGreenOptions;
  /**
   * A dashboard of the edges, alarms and saved log queries.
   * @default - none
   */
  readonly observability?: ObservabilityOptions;
  /**
   * Runs a share of the tasks on Fargate Spot, for up to 70 % less.
   * @default - every task on demand
   */
  readonly spot?: SpotOptions;
  /**
   * Lets `aws ecs execute-command` into the application's container, which then has a writable root filesystem. The image
   * is one binary from scratch: it has no shell to ask for, `/service healthcheck` is what there is to run.
   * @default false
   */
  readonly executeCommand?: boolean;
  /**
   * Sends spans of every request to AWS X-Ray or to Datadog.
   * @default - none are made
   */
  readonly tracing?: TracingOptions;
}
