/** How much of the machine a container may use. */
import type { ContainerDefinition, TaskDefinition } from '../task-definition.ts';
import type { OciResources } from './config.ts';
import type { Cgroups } from './machine.ts';

const MIB = 1024 * 1024;
/** 1,024 CPU units are one processor: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html#task_size */
const UNITS_PER_CPU = 1024;
/** The kernel's own: https://docs.kernel.org/scheduler/sched-bwc.html */
const PERIOD_MICROSECONDS = 100_000;
/** Linux takes no share below 2, and ECS writes that for 0: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html */
const LEAST_SHARES = 2;
/** Far more than servers have threads, far less than the 32,768 processes of a usual machine: a fork bomb ends in its task. */
const MOST_PROCESSES = 4096;

/**
 * The task's size is the limit of each of its containers, since each may use all of it; a container's own memory is its
 * limit if it is less. The proxy is beside them and has no limit.
 */
export function resourcesOf(
  { cpuUnits, memoryMiB }: Pick<ContainerDefinition, 'cpuUnits' | 'memoryMiB'>,
  task: Pick<TaskDefinition, 'cpu' | 'memoryMiB'>,
  { controllers }: Cgroups,
): OciResources {
  const memory = Math.min(memoryMiB ?? Infinity, task.memoryMiB ?? Infinity);
  const shares = cpuUnits === undefined ? {} : { shares: Math.max(LEAST_SHARES, cpuUnits) };
  return {
    // Nothing but what every runtime allows by itself: null, zero, random, and the terminals.
    devices: [{ allow: false, access: 'rwm' }],
    ...(controllers.includes('memory') && memory !== Infinity ? { memory: { limit: memory * MIB } } : {}),
    ...(controllers.includes('cpu') ? { cpu: shares } : {}),
    ...(controllers.includes('pids') ? { pids: { limit: MOST_PROCESSES } } : {}),
  };
}

export interface CpuQuota {
  readonly quota: number;
  readonly period: number;
}

/**
 * What the task's size gives each of its containers, in microseconds. It is set when the program runs: the runtime's own work
 * for a task of a quarter of a processor would take four times as long.
 */
export function cpuQuota(task: Pick<TaskDefinition, 'cpu'>, { controllers }: Cgroups): CpuQuota | undefined {
  if (task.cpu === undefined || !controllers.includes('cpu')) return undefined;
  return { quota: Math.round((task.cpu * PERIOD_MICROSECONDS) / UNITS_PER_CPU), period: PERIOD_MICROSECONDS };
}
