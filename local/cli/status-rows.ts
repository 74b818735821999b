/** Rows of the status tables: pure, from what the AWS APIs answered. */
import type { Service, Task } from '@aws-sdk/client-ecs';
import type { TargetHealthDescription } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Problem } from '../deploy/waiting/problems.ts';
import { coloured } from '../terminal/tables.ts';

const shortId = (arn: string | undefined): string => arn?.split('/').at(-1)?.slice(0, 12) ?? '';

/** @param tasks of the service, as the table of tasks has them: both say the same */
export function serviceRow(name: string, service: Service, tasks: readonly Task[]): string[] {
  const [primary] = service.deployments ?? [];
  const running = tasks.filter(({ lastStatus }) => lastStatus === 'RUNNING').length;
  const pending = tasks.filter(
    ({ lastStatus, desiredStatus }) => desiredStatus === 'RUNNING' && lastStatus !== 'RUNNING',
  ).length;
  return [
    name,
    String(service.desiredCount ?? 0),
    String(running),
    String(pending),
    coloured(primary?.rolloutState ?? service.status ?? ''),
    service.taskDefinition?.split('/').at(-1) ?? '',
  ];
}

export function taskRow(service: string, task: Task): string[] {
  const address = task.attachments?.[0]?.details?.find(({ name }) => name === 'privateIPv4Address')?.value ?? '';
  return [
    shortId(task.taskArn),
    service,
    task.availabilityZone ?? '',
    address,
    coloured(task.lastStatus ?? ''),
    coloured(task.healthStatus ?? 'UNKNOWN'),
    shortId(task.startedBy),
  ];
}

export function targetRow({ Target, TargetHealth }: TargetHealthDescription): string[] {
  return [
    Target?.Id ?? '',
    String(Target?.Port ?? ''),
    Target?.AvailabilityZone ?? '',
    coloured(TargetHealth?.State ?? ''),
    TargetHealth?.Description ?? '',
  ];
}

/** @param now in epoch milliseconds */
export function problemRow({ name, what, since }: Problem, now: number): string[] {
  const seconds = Math.max(0, Math.round((now - since) / 1000));
  return [name, what, seconds < 120 ? `${String(seconds)} s` : `${String(Math.round(seconds / 60))} min`];
}
