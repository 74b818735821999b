/** `highlands fault`: what can go wrong, on request. */
import { spawnSync } from 'node:child_process';
import type { Service } from '@aws-sdk/client-ecs';
import type { Fault } from '../../region/orders.ts';
import type { OperatorOrders } from '../../region/orders.ts';
import { ecsClient, findService, hasEndpoint, namesOf } from '../../region/ecs.ts';
import { changeOrders, clearOrders } from '../../region/orders.ts';
import { enterAgent } from '../../region/enter-agent.ts';
import { Complaint } from '../../region/complaint.ts';
import { requireRegion } from '../../region/region-file.ts';
import { runningTasks, tasksOf } from '../../region/tasks.ts';

export interface FaultOptions {
  readonly abort?: number;
  /** Milliseconds. */
  readonly delay?: number;
  readonly percent: number;
  readonly kill: boolean;
  readonly az?: string;
  readonly clear: boolean;
}

export async function fault(service: string | undefined, options: FaultOptions): Promise<void> {
  const region = requireRegion();
  const found = service === undefined ? undefined : await findService(ecsClient(region), service);
  const said: string[] = [];
  if (options.clear) said.push(await clear(found));
  if (options.az !== undefined) said.push(await loseZone(options.az));
  if (options.kill) said.push(kill(nameOf(needed(found, '--kill')), region));
  if (options.abort !== undefined) said.push(await inject(needed(found, '--abort STATUS'), options));
  else if (options.delay !== undefined) said.push(await inject(needed(found, '--delay TIME'), options));
  if (said.length === 0)
    throw new Complaint('nothing to do: give --abort STATUS, --delay TIME, --kill, --az ZONE or --clear');
  console.log(said.join('\n'));
}

function needed(service: Service | undefined, option: string): Service {
  if (service === undefined) throw new Complaint(`${option} needs a service: \`fault SERVICE ${option}\``);
  return service;
}

const nameOf = (service: Service): string => namesOf(service)[0] ?? '';

/** The faults of all other services: one can be asked for under any name of a service. */
function faultsOfOthers({ faults }: OperatorOrders, service: Service): OperatorOrders['faults'] {
  const names = namesOf(service);
  return Object.fromEntries(Object.entries(faults).filter(([name]) => !names.includes(name)));
}

async function inject(service: Service, { abort, delay, percent }: FaultOptions): Promise<string> {
  const name = nameOf(service);
  if (!hasEndpoint(service))
    throw new Complaint(
      `${name} has no Service Connect endpoint whose proxy could fail: only --kill and --az reach it`,
    );
  const wanted: Fault = {
    abort: abort === undefined ? undefined : { status: abort, percent },
    delay: delay === undefined ? undefined : { milliseconds: delay, percent },
  };
  await changeOrders((orders) => ({
    ...orders,
    faults: { ...faultsOfOthers(orders, service), [name]: wanted },
  }));
  const what = [
    abort === undefined ? '' : `status ${String(abort)}`,
    delay === undefined ? '' : `${String(delay)} ms late`,
  ];
  return `${name}: ${String(percent)} % of the requests to each task get ${what.filter(Boolean).join(', ')}; end it with \`fault ${name} --clear\``;
}

async function loseZone(zone: string): Promise<string> {
  const zones = [...new Set(runningTasks().map((task) => task.zone))].sort();
  if (!zones.includes(zone))
    throw new Complaint(`no task in ${zone}: there are tasks in ${zones.join(', ') || 'no zone'}`);
  await changeOrders((orders) => ({ ...orders, lostZones: [...new Set([...orders.lostZones, zone])] }));
  return `${zone} is cut off; bring it back with \`fault --clear\``;
}

/** The first process of one task's application, without warning. */
function kill(service: string, region: ReturnType<typeof requireRegion>): string {
  for (const task of tasksOf(runningTasks(), service)) {
    for (const [container, pid] of Object.entries(task.containers)) {
      if (pid === undefined) continue;
      const [command = '', ...args] = enterAgent(region, ['kill', '-9', String(pid)]);
      if (spawnSync(command, args).status === 0) return `killed ${container} of task ${task.taskId} (${task.zone})`;
    }
  }
  throw new Complaint(`${service} has no running container: wait until \`npm run status\` shows one`);
}

async function clear(service: Service | undefined): Promise<string> {
  if (service === undefined) {
    await clearOrders();
    return 'no faults, every zone is there';
  }
  await changeOrders((orders) => ({ ...orders, faults: faultsOfOthers(orders, service) }));
  return `${nameOf(service)}: no fault`;
}
