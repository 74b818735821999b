/** What is wrong in a region at one moment. Pure. */
import type { Service } from '@aws-sdk/client-ecs';
import type { Moment } from './moment.ts';
import { isFailed, isRolledBack, isRoutine, oneLine, saidOf, shortName, stopOf } from './words.ts';

export interface Problem {
  /** ARN where there is one, else id or name. */
  readonly resource: string;
  /** As tables have it. */
  readonly name: string;
  readonly what: string;
  /** Epoch milliseconds. */
  readonly since: number;
}

const timeOf = (date: Date | undefined): number => date?.getTime() ?? 0;

/** A service that has what it asks for is well, whatever was before. */
function isWell({ deployments: [primary] = [], desiredCount = 0, runningCount = 0 }: Service): boolean {
  return primary?.rolloutState === 'COMPLETED' && runningCount >= desiredCount;
}

function serviceProblem(service: Service, { stopped, names }: Moment): Problem[] {
  const { serviceArn: resource = '', events = [], deployments: [primary] = [] } = service;
  if (isWell(service)) return [];
  const said = (what: string, since: number): Problem[] => [
    { resource, name: shortName(resource, names), what, since },
  ];
  const begun = timeOf(primary?.createdAt);
  const failed = stopped
    .filter((task) => task.serviceArn === resource && task.at >= begun && isFailed(task))
    .sort((a, b) => a.at - b.at);
  const [first, last] = [failed[0], failed.at(-1)];
  if (first !== undefined && last !== undefined) {
    const count = failed.length === 1 ? '' : `${String(failed.length)} tasks failed, the last: `;
    return said(`${count}${stopOf(last)}`, first.at);
  }
  const [event] = events
    .filter(({ createdAt, message = '' }) => timeOf(createdAt) >= begun && !isRoutine(message))
    .sort((a, b) => timeOf(b.createdAt) - timeOf(a.createdAt));
  if (event !== undefined) return said(saidOf(event.message ?? ''), timeOf(event.createdAt));
  return primary?.rolloutState === 'FAILED'
    ? said(oneLine(primary.rolloutStateReason ?? 'its deployment failed'), timeOf(primary.updatedAt))
    : [];
}

export function problemsOf(moment: Moment): Problem[] {
  const { complaints, services, stacks, names } = moment;
  return [
    ...complaints.map(({ resource, message, since }) => ({
      ...{ resource, name: shortName(resource, names), what: message, since },
    })),
    ...services.flatMap((service) => serviceProblem(service, moment)),
    ...stacks
      .filter(({ status }) => isRolledBack(status))
      .map(({ name, status, reason, at }) => ({
        ...{ resource: name, name: `stack ${name}`, since: at },
        what: `${status}${reason === '' ? '' : `: ${oneLine(reason)}`}`,
      })),
  ].sort((a, b) => a.since - b.since);
}
