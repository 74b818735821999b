/** Which Availability Zone gets the next task, and which task goes first. Both keep the zones balanced. */
import type { TaskView } from './scheduled-task.ts';

/** The zones for `count` more tasks: always the one with the fewest, in subnet order among equals. */
export function emptiestZones(
  zones: readonly string[],
  tasks: readonly Pick<TaskView, 'zone'>[],
  count: number,
): string[] {
  const load = new Map(zones.map((zone) => [zone, 0]));
  for (const task of tasks) load.set(task.zone, (load.get(task.zone) ?? 0) + 1);
  const chosen: string[] = [];
  for (let i = 0; i < count; i++) {
    const zone = [...zones].sort((a, b) => (load.get(a) ?? 0) - (load.get(b) ?? 0))[0];
    if (zone === undefined) throw new Error('the service has no subnet: give it subnets with an Availability Zone');
    load.set(zone, (load.get(zone) ?? 0) + 1);
    chosen.push(zone);
  }
  return chosen;
}

/**
 * Tasks in the order in which they are given up: those that serve nobody first, then those that have not proven
 * themselves, then from the fullest zone, then the oldest.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-rebalancing.html
 */
export function byStopPreference(tasks: readonly TaskView[]): TaskView[] {
  const left = [...tasks];
  const order: TaskView[] = [];
  while (left.length > 0) {
    const load = new Map<string, number>();
    for (const task of left) load.set(task.zone, (load.get(task.zone) ?? 0) + 1);
    left.sort(
      (a, b) =>
        Number(a.ready) - Number(b.ready) ||
        Number(a.steady) - Number(b.steady) ||
        (load.get(b.zone) ?? 0) - (load.get(a.zone) ?? 0) ||
        a.createdAt - b.createdAt ||
        a.id.localeCompare(b.id),
    );
    order.push(...left.splice(0, 1));
  }
  return order;
}
