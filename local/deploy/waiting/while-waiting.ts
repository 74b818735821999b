/** Steps that wait for tasks, and tell for what. */
import { setTimeout } from 'node:timers/promises';
import type { ListrTask } from 'listr2';
import { runningRegion } from '../../region/region-file.ts';
import type { Moment } from './moment.ts';
import { newsOf, nothingKnown } from './news.ts';
import { MomentReader } from './read-moment.ts';

/** A look takes some milliseconds; with one a second whatever happens is told within two. */
const EVERY_MS = 1_000;
/** Under the step, on a terminal: as many as leave room for the other steps. The others scroll by; a log has all. */
const LINES_SHOWN = 10;
/** The last look, after the step ended, does not hold it up longer. */
const LAST_LOOK_MS = 1_500;

export interface Watching {
  readonly read: () => Promise<Moment>;
  readonly say: (line: string) => void;
  readonly everyMs?: number;
}

/** Does something, and says meanwhile what happens. What can't be read is not told, and holds up nothing. */
export async function whileWatching<T>(run: () => Promise<T>, { read, say, everyMs = EVERY_MS }: Watching): Promise<T> {
  let known = nothingKnown(Date.now());
  const look = async (): Promise<void> => {
    try {
      const { lines, known: after } = newsOf(known, await read());
      known = after;
      for (const line of lines) say(line);
    } catch {
      // The control plane is busy or starts again: the next look is a second away.
    }
  };
  const over = new AbortController();
  const isOver = (): boolean => over.signal.aborted;
  const watching = (async () => {
    while (!isOver()) {
      await setTimeout(everyMs, undefined, { signal: over.signal }).catch(() => undefined);
      if (!isOver()) await look();
    }
    // Why it failed may have come since the last look.
    await look();
  })();
  try {
    return await run();
  } finally {
    over.abort();
    await Promise.race([watching, setTimeout(LAST_LOOK_MS, undefined, { ref: false })]);
  }
}

/** The local region that the environment leads to; on AWS its own console tells more than this could. */
function regionInUse(): { readonly endpoint: string } | undefined {
  const region = runningRegion();
  return region?.endpoint === process.env['AWS_ENDPOINT_URL'] ? region : undefined;
}

export interface WatchedStep {
  readonly title: string;
  readonly run: (say: (line: string) => void) => Promise<void>;
  /** Only what concerns one service; the whole region by default. */
  readonly serviceArn?: string;
  readonly region?: { readonly endpoint: string };
}

const ofService = (moment: Moment, arn: string | undefined): Moment =>
  arn === undefined
    ? moment
    : {
        ...moment,
        services: moment.services.filter(({ serviceArn }) => serviceArn === arn),
        stopped: moment.stopped.filter(({ serviceArn }) => serviceArn === arn),
        awaited: new Map([...moment.awaited].filter(([service]) => service === arn)),
        stackEvents: [],
      };

/** A step with what happens in the region under its title. */
export function watchedStep({ title, run, serviceArn, region }: WatchedStep): ListrTask {
  return {
    title,
    rendererOptions: { outputBar: LINES_SHOWN, persistentOutput: true },
    task: async (_: unknown, task: { output: string }) => {
      const say = (line: string): void => {
        task.output = line;
      };
      const watched = region ?? regionInUse();
      if (watched === undefined) {
        await run(say);
        return;
      }
      const reader = new MomentReader(watched);
      await whileWatching(() => run(say), {
        read: async () => ofService(await reader.read(), serviceArn),
        say,
      });
    },
  };
}
