/** How events, stopped tasks and stacks are told to a person. Pure. */
import type { Service } from '@aws-sdk/client-ecs';
import type { AwaitedTarget, Moment, StackEvent, StoppedTask } from './moment.ts';

/** So much of a task's id is enough to ask for its logs. */
const ID_LENGTH = 12;

/** What every deployment does, and nobody waits for an explanation of. */
const ROUTINE =
  /^(?:started task|has started \d+ tasks|has stopped \d+ running tasks|(?:de)?registered \d+ targets|has begun draining|deployment \S+ (?:completed|deployment completed)|(?:all ready: )?has reached a steady state)/;

const withoutService = (message: string): string => message.replace(/^\(service [^)]*\)\s*/, '').trim();

export const isRoutine = (message: string): boolean => ROUTINE.test(withoutService(message));

export const oneLine = (text: string): string => text.trim().replaceAll(/\s*\n\s*/g, ' | ');

export const saidOf = (message: string): string => oneLine(withoutService(message));

/** Ended by itself, or as unhealthy; not when it was scaled away or replaced. */
export const isFailed = ({ stopCode, reason }: StoppedTask): boolean =>
  ['EssentialContainerExited', 'TaskFailedToStart', 'TerminationNotice'].includes(stopCode) ||
  /\b(?:failed|unhealthy)\b/i.test(reason);

/** In the words of the service's event about it, so that both are told as one. */
export const stopOf = ({ id, reason }: StoppedTask): string => `(task ${id.slice(0, ID_LENGTH)}) ${oneLine(reason)}`;

const STACK_TYPE = 'AWS::CloudFormation::Stack';
/** What follows from another failure says nothing: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/troubleshooting.html */
const CANCELLED = /^Resource (?:creation|update) cancelled/;

export const isTrouble = ({ type, status, reason }: StackEvent): boolean =>
  (status.endsWith('_FAILED') && !CANCELLED.test(reason)) ||
  (type === STACK_TYPE && /ROLLBACK_(?:IN_PROGRESS|FAILED)$/.test(status));

/** A stack that is not what was asked for. */
export const isRolledBack = (status: string): boolean =>
  /(?:FAILED|ROLLBACK_COMPLETE|ROLLBACK_IN_PROGRESS)$/.test(status);

/** What failed first, of events from the newest to the oldest; the stack's own end follows from it, at times in the same second. */
export function firstFailure(events: readonly StackEvent[]): string {
  const failed = events.filter((event) => isTrouble(event) && event.reason !== '').toReversed();
  const first = failed.find(({ status }) => status.endsWith('_FAILED')) ?? failed[0];
  return first === undefined ? '' : `${first.resource}: ${first.reason}`;
}

export function stackEventSaid({ stack, resource, type, status, reason }: StackEvent): string {
  const what = type === STACK_TYPE ? `stack ${stack}` : `${resource} of stack ${stack}`;
  return `${what} is ${status}${reason === '' ? '' : `: ${oneLine(reason)}`}`;
}

/** The last part of an ARN that a person knows it by. */
export const shortName = (resource: string, names: Moment['names']): string =>
  names.get(resource) ??
  (resource.startsWith('arn:')
    ? (/(?:loadbalancer|targetgroup|listener|listener-rule)\/(?:app\/)?([^/]+)/.exec(resource)?.[1] ??
      resource.split(/[/:]/).at(-1) ??
      resource)
    : resource);

export const targetSaid = ({ address, state, description }: AwaitedTarget): string =>
  `target ${address} is ${state}${description === '' ? '' : `: ${description}`}`;

/** How far a service is whose deployment is under way; nothing for one that is complete or failed. */
export function progressOf(
  { deployments: [primary] = [] }: Service,
  awaited: readonly AwaitedTarget[] = [],
): string | undefined {
  if (primary?.rolloutState !== 'IN_PROGRESS') return undefined;
  const { runningCount = 0, desiredCount = 0, pendingCount = 0, failedTasks = 0 } = primary;
  const more = [
    ...(pendingCount === 0 ? [] : [`${String(pendingCount)} starting`]),
    ...(failedTasks === 0 ? [] : [`${String(failedTasks)} failed`]),
    ...awaited.map(targetSaid),
  ];
  return `${String(runningCount)} of ${String(desiredCount)} tasks run${more.length === 0 ? '' : `, ${more.join(', ')}`}`;
}
