/** What there is to tell those who wait: from what was known and a look at the region to new lines. Pure. */
import type { Moment } from './moment.ts';
import {
  isFailed,
  isRoutine,
  isTrouble,
  progressOf,
  saidOf,
  shortName,
  stackEventSaid,
  stopOf,
  targetSaid,
} from './words.ts';

export interface Known {
  /** Since when somebody waits, in epoch milliseconds: what was before is no news. */
  readonly since: number;
  /** Ids of what was told. */
  readonly seen: ReadonlySet<string>;
  /** How often each line came, but for ids and times in it. */
  readonly times: ReadonlyMap<string, number>;
  /** When there was a line last, in epoch milliseconds. */
  readonly toldAt: number;
  /** How far services were when that was told. */
  readonly progress: string;
}

interface Entry {
  readonly id: string;
  readonly at: number;
  readonly line: string;
  /** Holds until it is mended, whenever it began: it may be what the others wait for. */
  readonly holds?: true;
}

/** Before anybody begins to wonder; a deployment of healthy tasks is over by then, mostly. */
const SILENCE_MS = 8_000;

/** The same trouble of another task or at another time is the same trouble. */
const kindOf = (line: string): string =>
  line
    .replaceAll(/\b[0-9a-f]{8}(?:[0-9a-f]|-[0-9a-f]{4})*\b/g, '#')
    .replaceAll(/\d{4}-\d\d-\d\d/g, '#')
    .replaceAll(/\d\d:\d\d:\d\d(?:[.,]\d+)?/g, '#')
    .replaceAll(/\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b/g, '#');

function entriesOf({ at, services, names, stopped, awaited, stackEvents, complaints }: Moment): Entry[] {
  const nameOf = (arn: string): string => shortName(arn, names);
  return [
    ...services.flatMap(({ serviceArn = '', events = [] }) =>
      events
        .filter(({ message = '' }) => !isRoutine(message))
        .map(({ createdAt, message = '' }) => {
          const said = saidOf(message);
          // An event about a task has its own words; the task is reported once, however many events mention it.
          const id = said.startsWith('(task ') ? said : `${said} ${String(createdAt?.getTime())}`;
          return { id: `${serviceArn} ${id}`, at: createdAt?.getTime() ?? 0, line: `${nameOf(serviceArn)}: ${said}` };
        }),
    ),
    ...stopped.filter(isFailed).map((task) => ({
      id: `${task.serviceArn} ${stopOf(task)}`,
      at: task.at,
      line: `${nameOf(task.serviceArn)}: ${stopOf(task)}`,
    })),
    ...[...awaited].flatMap(([arn, targets]) =>
      targets
        .filter(({ state }) => state === 'unhealthy')
        .map((target) => ({ id: `${arn} ${target.address}`, at, line: `${nameOf(arn)}: ${targetSaid(target)}` })),
    ),
    ...stackEvents
      .filter(isTrouble)
      .map((event) => ({ id: `event ${event.id}`, at: event.at, line: stackEventSaid(event) })),
    ...complaints.map(({ resource, message, since }) => ({
      id: `complaint ${resource} ${message}`,
      at: since,
      holds: true as const,
      line: message.includes(nameOf(resource)) ? message : `${nameOf(resource)}: ${message}`,
    })),
  ].sort((a, b) => a.at - b.at);
}

/** @param at when the waiting begins. Some times of events are whole seconds. */
export function nothingKnown(at: number): Known {
  return { since: Math.floor(at / 1000) * 1000, seen: new Set(), times: new Map(), toldAt: at, progress: '' };
}

const isPowerOfTwo = (count: number): boolean => (count & (count - 1)) === 0;

/** @returns the lines that are new; one that comes again and again is told at the 2nd, 4th, 8th, … time, with the count */
export function newsOf(known: Known, moment: Moment): { readonly known: Known; readonly lines: readonly string[] } {
  const seen = new Set(known.seen);
  const times = new Map(known.times);
  const lines = new Map<string, string>();
  for (const { id, at, line, holds } of entriesOf(moment)) {
    if (seen.has(id) || (holds === undefined && at < known.since)) continue;
    seen.add(id);
    const kind = kindOf(line);
    const before = times.get(kind) ?? 0;
    // A service's event has said it already.
    if (holds !== undefined && before > 0) continue;
    const count = before + 1;
    times.set(kind, count);
    if (count === 1) lines.set(kind, line);
    else if (isPowerOfTwo(count)) lines.set(kind, `${line} (${String(count)} times)`);
  }
  if (lines.size > 0) return { known: { ...known, seen, times, toldAt: moment.at }, lines: [...lines.values()] };
  const progress = moment.services.flatMap((service) => {
    const far = progressOf(service, moment.awaited.get(service.serviceArn ?? ''));
    return far === undefined ? [] : [`${shortName(service.serviceArn ?? '', moment.names)}: ${far}`];
  });
  const text = progress.join('\n');
  if (text === '' || text === known.progress || moment.at - known.toldAt < SILENCE_MS)
    return { known: { ...known, seen, times }, lines: [] };
  return { known: { ...known, seen, times, toldAt: moment.at, progress: text }, lines: progress };
}
