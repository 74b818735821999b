/**
 * The agent's private line to the control plane. On AWS it is the ACS/TCS connection between ECS and Fargate, which is
 * no public API either; everything else the agent knows it reads through the public ones.
 */
import { z } from 'zod';
import { localAuthorization } from '../../region/client-settings.ts';
import { Port } from '../../aws-shapes/network-names.ts';
import { LIFECYCLE } from '../../aws-shapes/lifecycle-stages.ts';
import type { Invocation, Outcome } from '../core/functions/invocation.ts';
import { TaskOrder } from '../../aws-shapes/task-order.ts';
import type { StopCause } from '../core/task-plan.ts';
import type { RegisteredTarget } from '../core/load-balancer.ts';
import { type UnderWay } from '../core/scheduler/blue-green.ts';
import type { DeploymentReport } from '../core/scheduler/rollout.ts';
import type { Complain } from '../../region/complaints.ts';
import { ControlPlaneGone } from './control-plane-gone.ts';
import { oneLine } from '../../region/one-line.ts';
import { readEach } from './read-each.ts';

export interface ServiceReport {
  readonly serviceArn: string;
  readonly deployments: readonly DeploymentReport[];
  readonly runningCount: number;
  readonly pendingCount: number;
  /** How far a blue/green deployment is. */
  readonly lifecycle:
    { readonly deploymentId: string; readonly stage: string; readonly pausedAt: string | undefined } | undefined;
  readonly events: readonly { readonly createdAt: number; readonly message: string }[];
}

export interface TargetHealthReport {
  readonly id: string;
  readonly port: number;
  readonly availabilityZone: string;
  readonly state: 'initial' | 'healthy' | 'unhealthy' | 'draining' | 'unused';
  readonly reason?: string;
  readonly description?: string;
}

/** `version` grows with every change of state that the agent has to look at; `epoch` names the control plane's process. */
const VersionSchema = z.object({ version: z.number(), epoch: z.string() });
export type Version = z.infer<typeof VersionSchema>;

const UnderWaySchema = z
  .object({
    deploymentId: z.string(),
    stage: z.enum(LIFECYCLE).nullable(),
    continued: z.array(z.string()),
    rollBack: z.string().nullable(),
  })
  .transform(({ stage, rollBack, ...rest }) => ({
    ...rest,
    stage: stage ?? undefined,
    rollBack: rollBack ?? undefined,
  }));

const InvocationSchema: z.ZodType<Invocation> = z.object({
  id: z.string(),
  name: z.string(),
  arn: z.string(),
  version: z.string(),
  runtime: z.string(),
  handler: z.string(),
  timeoutSeconds: z.number(),
  memoryMiB: z.number(),
  roleArn: z.string(),
  environment: z.record(z.string(), z.string()),
  logGroup: z.string(),
  event: z.string(),
  code: z.string(),
  layers: z.array(z.string()),
});

const RegisteredSchema = z.object({
  targetGroupArn: z.string(),
  targets: z.array(
    z
      .object({ id: z.ipv4(), port: Port, availabilityZone: z.string() })
      .transform(({ id, port, availabilityZone }) => ({
        ...{ address: id, port },
        zone: availabilityZone === 'all' ? undefined : availabilityZone,
      })),
  ),
});

/** An ECS Task in the shape of DescribeTasks, with times in epoch seconds. */
export type TaskReport = Readonly<Record<string, unknown>>;

/** So that one pass of the agent waits for a control plane that hangs once, and not for each of its resources. */
const GONE_MS = 500;

export class ControlPlaneChannel {
  readonly #endpoint: string;
  /** Read at the first call: the region's file is there when the control plane is. */
  readonly #authorization: () => string;
  #header: string | undefined;
  /** Epoch milliseconds until which nobody asks again, and what the last one was told. */
  #gone: { readonly until: number; readonly error: ControlPlaneGone } | undefined;

  constructor(endpoint: string, authorization = () => localAuthorization(endpoint)) {
    this.#endpoint = endpoint;
    this.#authorization = authorization;
  }

  /** What to compare with the last look: whether there is something new, and whether it is still the same process. */
  async version(): Promise<Version> {
    return VersionSchema.parse(await this.#call('version', undefined));
  }

  async heartbeat(): Promise<void> {
    await this.#call('heartbeat', {});
  }

  async putTasks(tasks: readonly TaskReport[]): Promise<void> {
    await this.#call('put-tasks', { tasks });
  }

  /** Tasks of no service that have not come to their end; one that can't be read is left out. */
  async tasksToRun(complain: Complain): Promise<z.infer<typeof TaskOrder>[]> {
    const { tasks } = z.object({ tasks: z.array(z.unknown()) }).parse(await this.#call('tasks-to-run', undefined));
    return readEach(TaskOrder, tasks, 'task', ['taskArn'], complain);
  }

  /** A task that was ordered, and is not begun. */
  async failTask(taskArn: string, stopCode: StopCause['code'], stoppedReason: string): Promise<void> {
    await this.#call('fail-task', { taskArn, stopCode, stoppedReason });
  }

  async putServiceState(report: ServiceReport): Promise<void> {
    await this.#call('put-service-state', report);
  }

  /** For a service of which nothing else is known: it can't be read. */
  async putServiceEvents(serviceArn: string, events: ServiceReport['events']): Promise<void> {
    await this.#call('put-service-state', { serviceArn, events });
  }

  async startDeployment(serviceArn: string, fromDeployment: string, reason: string): Promise<void> {
    await this.#call('start-deployment', { serviceArn, fromDeployment, reason });
  }

  /** What is remembered of deployments under way, by deployment id. */
  async underWay(complain: Complain): Promise<ReadonlyMap<string, UnderWay>> {
    const answer = await this.#call('deployments-under-way', undefined);
    const { deployments } = z.object({ deployments: z.array(z.unknown()) }).parse(answer);
    const read = readEach(UnderWaySchema, deployments, 'the progress of deployment', ['deploymentId'], complain);
    return new Map(read.map((deployment) => [deployment.deploymentId, deployment]));
  }

  /** The targets that somebody registered by their address, by the ARN of their target group. */
  async registeredTargets(complain: Complain): Promise<ReadonlyMap<string, readonly RegisteredTarget[]>> {
    const answer = await this.#call('registered-targets', undefined);
    const { targetGroups } = z.object({ targetGroups: z.array(z.unknown()) }).parse(answer);
    const read = readEach(RegisteredSchema, targetGroups, 'registered targets', ['targetGroupArn'], complain);
    return new Map(read.map(({ targetGroupArn, targets }) => [targetGroupArn, targets]));
  }

  async noteScaling(resourceId: string, description: string, cause: string): Promise<void> {
    await this.#call('note-scaling', { resourceId, description, cause });
  }

  /** Metrics are there up to this moment, in epoch milliseconds: alarms can be looked at. */
  async closeMinute(at: number): Promise<void> {
    await this.#call('close-minute', { at: at / 1000 });
  }

  async putTargetHealth(targetGroupArn: string, targets: readonly TargetHealthReport[]): Promise<void> {
    await this.#call('put-target-health', { targetGroupArn, targets });
  }

  /** Functions of Lambda that somebody waits for, and that are not among these. */
  async functionsToRun(running: readonly string[]): Promise<readonly Invocation[]> {
    const answer = await this.#call('functions-to-run', { running });
    return z.object({ invocations: z.array(InvocationSchema) }).parse(answer).invocations;
  }

  async functionRan(id: string, outcome: Outcome): Promise<void> {
    await this.#call('function-ran', { id, ...outcome });
  }

  async #call(action: string, body: unknown): Promise<unknown> {
    if (this.#gone !== undefined && Date.now() < this.#gone.until) throw this.#gone.error;
    const response = await fetch(`${this.#endpoint}/_agent/v1/${action}`, {
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
      headers: { 'content-type': 'application/json', authorization: (this.#header ??= this.#authorization()) },
      // The control plane answers from memory; ten seconds means that it hangs.
      signal: AbortSignal.timeout(10_000),
    }).catch((error: unknown) => {
      const gone = new ControlPlaneGone(`the control plane does not answer: ${oneLine(error)}`);
      this.#gone = { until: Date.now() + GONE_MS, error: gone };
      throw gone;
    });
    if (!response.ok) throw new Error(`control plane, ${action}: ${response.status} ${await response.text()}`);
    return response.json();
  }
}
