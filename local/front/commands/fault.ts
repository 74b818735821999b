/** `highlands fault`: what can go wrong, on request. */
import { spawnSync } from 'node:child_process';
import type { Fault } from '../../agent/core/envoy/faults.ts';
import { ecsClient, listServices, namesOf } from '../ecs.ts';
import { clearOrders, readOrders, writeOrders } from '../orders.ts';
import { enterAgent } from '../enter-agent.ts';
import { Complaint, requireRegion } from '../region/region-file.ts';
import { runningTasks, tasksOf } from '../task-files.ts';

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
  if (service !== undefined) await requireService(service);
  const said: string[] = [];
  if (options.clear) said.push(clear(service));
  if (options.az !== undefined) said.push(loseZone(options.az));
  if (options.kill) said.push(kill(named(service, '--kill'), region));
  if (options.abort !== undefined || options.delay !== undefined) said.push(inject(named(service, '--abort'), options));
  if (said.length === 0)
    throw new Complaint('nothing to do: give --abort STATUS, --delay TIME, --kill, --az ZONE or --clear');
  console.log(said.join('\n'));
}

function named(service: string | undefined, option: string): string {
  if (service === undefined) throw new Complaint(`${option} needs a service: \`fault service-a ${option} …\``);
  return service;
}

async function requireService(service: string): Promise<void> {
  const names = (await listServices(ecsClient(requireRegion()))).map(namesOf);
  if (!names.flat().includes(service))
    throw new Complaint(`no service ${service}: there are ${names.map(([name]) => String(name)).join(', ')}`);
}

function inject(service: string, { abort, delay, percent }: FaultOptions): string {
  const wanted: Fault = {
    abort: abort === undefined ? undefined : { status: abort, percent },
    delay: delay === undefined ? undefined : { milliseconds: delay, percent },
  };
  const orders = readOrders();
  writeOrders({ ...orders, faults: { ...orders.faults, [service]: wanted } });
  const what = [
    abort === undefined ? '' : `status ${String(abort)}`,
    delay === undefined ? '' : `${String(delay)} ms late`,
  ];
  return `${service}: ${String(percent)} % of the requests to each task get ${what.filter(Boolean).join(', ')}; end it with \`fault ${service} --clear\``;
}

function loseZone(zone: string): string {
  const zones = [...new Set(runningTasks().map((task) => task.zone))].sort();
  if (!zones.includes(zone))
    throw new Complaint(`no task in ${zone}: there are tasks in ${zones.join(', ') || 'no zone'}`);
  const orders = readOrders();
  writeOrders({ ...orders, lostZones: [...new Set([...orders.lostZones, zone])] });
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

function clear(service: string | undefined): string {
  if (service === undefined) {
    clearOrders();
    return 'no faults, every zone is there';
  }
  const orders = readOrders();
  const others = Object.entries(orders.faults).filter(([name]) => name !== service);
  writeOrders({ ...orders, faults: Object.fromEntries(others) });
  return `${service}: no fault`;
}
