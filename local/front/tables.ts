/** Rows of the status tables: pure, from what the AWS APIs answered. */
import type { Service, Task } from '@aws-sdk/client-ecs';
import type { TargetHealthDescription } from '@aws-sdk/client-elastic-load-balancing-v2';
import Table from 'cli-table3';
import pc from 'picocolors';

const GOOD = new Set(['HEALTHY', 'healthy', 'COMPLETED', 'RUNNING']);
const BAD = new Set(['UNHEALTHY', 'unhealthy', 'FAILED', 'STOPPED']);

export function coloured(state: string): string {
  return GOOD.has(state) ? pc.green(state) : BAD.has(state) ? pc.red(state) : pc.yellow(state);
}

/** @param widths of the columns, in which text is wrapped; as wide as the text by default */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  widths: readonly number[] = [],
): string {
  const made = new Table({
    head: head.map((title) => pc.bold(title)),
    style: { head: [], border: [], compact: widths.length === 0 },
    colWidths: [...widths],
    wordWrap: true,
  });
  made.push(...rows.map((row) => [...row]));
  return made.toString();
}

const shortId = (arn: string | undefined): string => arn?.split('/').at(-1)?.slice(0, 12) ?? '';

export function serviceRow(name: string, service: Service): string[] {
  const [primary] = service.deployments ?? [];
  return [
    name,
    String(service.desiredCount ?? 0),
    String(service.runningCount ?? 0),
    String(service.pendingCount ?? 0),
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
