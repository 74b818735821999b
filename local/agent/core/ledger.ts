/**
 * What an agent writes down of what it started, so that the next one takes it over, as the agent of a container instance
 * does after its own end: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-agent-config.html (ECS_CHECKPOINT)
 */
import { z } from 'zod';
import { Identity, type ProcessIdentity } from '../../region/process-identity.ts';

const Stop = z.object({
  reason: z.string(),
  code: z.enum([
    'EssentialContainerExited',
    'TaskFailedToStart',
    'ServiceSchedulerInitiated',
    'UserInitiated',
    'TerminationNotice',
  ]),
});

/** A task that got to RUNNING. Its plan is made again from the region's state; only what that does not say is here. */
const FormerTask = z.object({
  id: z.string().regex(/^[0-9a-f]{32}$/),
  serviceArn: z.string(),
  deploymentId: z.string(),
  zone: z.string(),
  address: z.string(),
  capacityProvider: z.string().optional(),
  targets: z.array(z.object({ targetGroupArn: z.string(), containerPort: z.number() })),
  /** Epoch milliseconds. */
  createdAt: z.number(),
  pullStartedAt: z.number().optional(),
  pullStoppedAt: z.number().optional(),
  startedAt: z.number(),
  healthyOnce: z.boolean(),
  listening: z.boolean(),
  /** Why it was being stopped. */
  stop: Stop.optional(),
  holder: Identity,
  sidecar: Identity.optional(),
  containers: z.array(
    z.object({
      name: z.string(),
      process: Identity,
      startedAt: z.number(),
      health: z.object({ status: z.enum(['HEALTHY', 'UNHEALTHY', 'UNKNOWN']), failuresInARow: z.number() }),
    }),
  ),
});
export type FormerTask = Readonly<z.infer<typeof FormerTask>>;
export type FormerContainer = FormerTask['containers'][number];

const FormerNode = z.object({
  zone: z.string(),
  address: z.string(),
  gateway: z.string(),
  adminSocketPath: z.string(),
  configFile: z.string(),
  /** Absent while it is being started again. */
  processes: z.object({ holder: Identity, envoy: Identity }).optional(),
});
const FormerLoadBalancer = z.object({
  arn: z.string(),
  name: z.string(),
  vpcId: z.string(),
  nodes: z.array(FormerNode),
});
export type FormerLoadBalancer = Readonly<z.infer<typeof FormerLoadBalancer>>;

const FormerDoor = z.object({
  vpcId: z.string(),
  internet: Identity,
  /** Its proxies that run, by name. */
  sides: z.record(z.string(), Identity),
});
export type FormerDoor = Readonly<z.infer<typeof FormerDoor>>;

/** slirp4netns of a VPC, and whether it leads to this machine's loopback. */
const FormerWayOut = z.object({ process: Identity, host: z.boolean() });
export type FormerWayOut = Readonly<z.infer<typeof FormerWayOut>>;

export const Ledger = z.object({
  /** Whose process ids these are: a PID namespace by its first process. */
  namespaces: z.string(),
  routers: z.array(
    z.object({ vpcId: z.string(), process: Identity, resolver: Identity.optional(), wayOut: FormerWayOut.optional() }),
  ),
  tasks: z.array(FormerTask),
  loadBalancers: z.array(FormerLoadBalancer),
  doors: z.array(FormerDoor),
});
export type Ledger = Readonly<z.infer<typeof Ledger>>;

/** What can be seen of a former task. */
export interface Seen {
  readonly lives: (process: ProcessIdentity) => boolean;
  /** Whether the router of its VPC runs and leads to its address. */
  readonly attached: boolean;
  /** What its deployment wants now; undefined when that can't be had any more. */
  readonly plan:
    | {
        readonly containers: readonly { readonly name: string; readonly essential: boolean }[];
        readonly sidecar: boolean;
      }
    | undefined;
}

/**
 * `adopt`: it goes on as if nothing had been. `replace`: it is taken over to be stopped in the usual way, because it was
 * being stopped, or something essential of it ended meanwhile. `remove`: it can't be taken over safely, and what is left of
 * it is ended at once; the scheduler starts another.
 */
export type TakeOver = { readonly act: 'adopt' } | { readonly act: 'replace' | 'remove'; readonly why: string };

export function takeOverOf(task: FormerTask, { lives, attached, plan }: Seen): TakeOver {
  const remove = (why: string): TakeOver => ({ act: 'remove', why });
  if (plan === undefined) return remove('what it was started for is gone');
  if (!lives(task.holder)) return remove('its namespaces ended');
  if (!attached) return remove('its network is gone');
  const names = new Set(task.containers.map(({ name }) => name));
  if (plan.containers.length !== names.size || !plan.containers.every(({ name }) => names.has(name)))
    return remove('its containers are not those of its task definition');
  if (plan.sidecar !== (task.sidecar !== undefined)) return remove('its proxy is not as its deployment wants it');
  if (task.stop !== undefined) return { act: 'replace', why: task.stop.reason };
  if (task.sidecar !== undefined && !lives(task.sidecar)) return { act: 'replace', why: 'its proxy ended' };
  const ended = plan.containers.find(
    ({ name, essential }) => essential && !task.containers.some((one) => one.name === name && lives(one.process)),
  );
  return ended === undefined ? { act: 'adopt' } : { act: 'replace', why: `its container ${ended.name} ended` };
}

export interface SeenProcess {
  readonly pid: number;
  readonly parent: number;
}

/**
 * Processes of a former agent that nobody took over, each with its descendants: the kernel gives those whose parent ended to
 * the first process of the namespaces. A process that came in from outside (`highlands exec`) has no parent here, and is left alone.
 * @param kept processes that were taken over, and those of the first process itself
 */
export function strays(processes: readonly SeenProcess[], kept: ReadonlySet<number>): number[] {
  const below = (parent: number): number[] =>
    processes.filter((one) => one.parent === parent).flatMap(({ pid }) => [pid, ...below(pid)]);
  return processes
    .filter(({ pid, parent }) => parent === 1 && !kept.has(pid))
    .flatMap(({ pid }) => [pid, ...below(pid)]);
}
