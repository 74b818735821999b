/** The first thing that an agent does: takes over what the one before it started, and ends the rest of it. */
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { TASKS_DIRECTORY } from '../../region/tasks.ts';
import type { AddressPool } from '../network/address-pool.ts';
import { oneLine } from '../../region/one-line.ts';
import { strays, takeOverOf, type FormerTask, type Ledger } from '../core/ledger.ts';
import type { TaskPlan } from '../core/task-plan.ts';
import type { LoadBalancerController } from '../load-balancers/load-balancer-controller.ts';
import { signalProcess } from '../runtime/command.ts';
import { CLIENT_ADDRESS } from '../runtime/front-door.ts';
import { lives, statOf } from '../../region/process-identity.ts';
import type { Task } from '../runtime/task.ts';
import { UserNetwork } from '../runtime/user-network.ts';
import { VpcResolver } from '../runtime/vpc-resolver.ts';
import type { VpcRouter } from '../runtime/vpc-router.ts';
import type { VpcNetworks } from '../network/vpc-network.ts';
import type { VpcResolvers } from '../network/vpc-resolvers.ts';
import type { WaysOut } from '../network/ways-out.ts';

export interface TakeOverParts {
  /** The region's run directory. */
  readonly run: string;
  readonly networks: Pick<VpcNetworks, 'adopt'>;
  readonly resolvers: Pick<VpcResolvers, 'adopt'>;
  readonly waysOut: Pick<WaysOut, 'adopt'>;
  readonly loadBalancers: Pick<LoadBalancerController, 'adopt' | 'adoptDoor'>;
  readonly addresses: AddressPool;
  /** Where the tasks belong that were taken over. */
  readonly tasks: Map<string, Task>;
  /** What a task is started with now. @throws Error when that can't be had any more */
  readonly planOf: (former: FormerTask) => TaskPlan;
  readonly adoptRouter: typeof VpcRouter.adopt;
  readonly adoptTask: (plan: TaskPlan, former: FormerTask, router: VpcRouter) => Promise<Task>;
  readonly log: (message: string) => void;
}

/** @throws Error before anything is done: who tries again must not take anything over twice */
export async function takeOver(former: Ledger | undefined, parts: TakeOverParts): Promise<void> {
  if (!inNamespacesOfRegion())
    throw new Error('the agent is not in the namespaces of its region: start it by `npm start`');
  const kept = new Set<number>();
  const routers = new Map<string, { readonly router: VpcRouter; readonly addresses: Set<string> }>();
  for (const { vpcId, process, resolver, wayOut } of former?.routers ?? []) {
    if (!lives(process)) continue;
    const router = await parts.adoptRouter(process).catch((error: unknown) => {
      parts.log(`the router of ${vpcId} can't be taken over: ${oneLine(error)}`);
      return undefined;
    });
    if (router === undefined) continue;
    kept.add(process.pid);
    parts.networks.adopt(vpcId, router);
    if (resolver !== undefined && lives(resolver)) {
      kept.add(resolver.pid);
      parts.resolvers.adopt(vpcId, VpcResolver.adopt(resolver));
    }
    if (wayOut !== undefined && lives(wayOut.process)) {
      kept.add(wayOut.process.pid);
      parts.waysOut.adopt(vpcId, UserNetwork.adopt(wayOut.process, wayOut.host));
    }
    routers.set(vpcId, { router, addresses: new Set() });
  }
  for (const task of former?.tasks ?? []) {
    const why = await adoptTask(task, routers, kept, parts).catch(oneLine);
    parts.log(why === undefined ? `took over task ${task.id}` : `task ${task.id} is not taken over: ${why}`);
  }
  for (const balancer of former?.loadBalancers ?? []) {
    const place = routers.get(balancer.vpcId);
    if (place === undefined) continue;
    parts.loadBalancers.adopt(balancer, place.router);
    for (const { address, processes } of balancer.nodes) {
      place.addresses.add(address);
      for (const { pid } of Object.values(processes ?? {})) kept.add(pid);
    }
    parts.log(`took over load balancer ${balancer.name}`);
  }
  for (const door of former?.doors ?? []) {
    const place = routers.get(door.vpcId);
    if (place === undefined) continue;
    parts.loadBalancers.adoptDoor(door, place.router);
    place.addresses.add(CLIENT_ADDRESS);
    for (const { pid } of [door.internet, ...Object.values(door.sides)]) kept.add(pid);
    parts.log(`took over the front door of ${door.vpcId}`);
  }
  endStrays(kept);
  for (const [vpcId, { router, addresses }] of routers)
    await router.keepOnly(addresses).catch((error: unknown) => {
      parts.log(`interfaces that nobody has any more stay at the router of ${vpcId}: ${oneLine(error)}`);
    });
  removeFiles(parts.run, new Set(parts.tasks.keys()));
}

/** Outside of them the first process is the machine's, and what it looks after is not ours. */
function inNamespacesOfRegion(): boolean {
  try {
    return /(?:^|\0)HIGHLANDS_REGION_ID=/.test(readFileSync('/proc/1/environ', 'utf8'));
  } catch {
    return false; // another user's
  }
}

/** @returns why it was not taken over */
async function adoptTask(
  task: FormerTask,
  routers: ReadonlyMap<string, { readonly router: VpcRouter; readonly addresses: Set<string> }>,
  kept: Set<number>,
  { planOf, adoptTask: adopt, addresses, tasks }: TakeOverParts,
): Promise<string | undefined> {
  const plan = planOf(task);
  const place = routers.get(plan.subnet.vpcId);
  const attached = place?.router.leadsTo(task.address) === true && !place.addresses.has(task.address);
  const wanted = { containers: plan.taskDefinition.containers, sidecar: plan.sidecar !== undefined };
  const decided = takeOverOf(task, { lives, attached, plan: wanted });
  if (decided.act === 'remove' || place === undefined)
    return decided.act === 'remove' ? decided.why : 'it has no router';
  tasks.set(task.id, await adopt(plan, task, place.router));
  addresses.keep(task.address, plan.subnet);
  place.addresses.add(task.address);
  const processes = [task.holder, task.sidecar, ...task.containers.map(({ process }) => process)];
  for (const one of processes) if (one !== undefined) kept.add(one.pid);
  return undefined;
}

/** The kernel takes their namespaces, with the interfaces in them, when the last of them ended. */
function endStrays(kept: ReadonlySet<number>): void {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const found = pids.flatMap((name) => {
    const stat = statOf(Number(name));
    return stat === undefined ? [] : [{ pid: Number(name), ...stat }];
  });
  // What the first process of the namespaces started itself is there before everything else.
  const [own] = found.filter(({ parent }) => parent === 1).sort((a, b) => a.born - b.born || a.pid - b.pid);
  const others = strays(found, new Set([...kept, ...(own === undefined ? [] : [own.pid])]));
  for (const pid of others) signalProcess(pid, 'SIGKILL');
}

/** What describes tasks that are not there any more. */
function removeFiles(run: string, tasks: ReadonlySet<string>): void {
  const ids = [...tasks];
  const remove = (directory: string, isOurs: (name: string) => boolean): void => {
    for (const name of readdirSync(join(run, directory)))
      if (!isOurs(name)) rmSync(join(run, directory, name), { recursive: true, force: true });
  };
  remove('task', (name) => tasks.has(name));
  remove(TASKS_DIRECTORY, (name) => tasks.has(name.replace(/\..*/, '')));
  remove('s', (name) => !/^[0-9a-f]{12}[-.]/.test(name) || ids.some((id) => name.startsWith(id.slice(0, 12))));
}
