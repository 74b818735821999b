/** Server-sent events that come back by themselves, and a word on whether they are there. */

export type Connection = 'connecting' | 'live' | 'lost';

/** The first wait before another try, and the longest: a region that restarts is back within seconds. */
const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 5_000;

/** Each event is a sign of life; a server that hangs breaks no connection. */
interface Options {
  /** Milliseconds without an event after which the connection counts as lost. */
  readonly silence?: number;
}

export interface Stream {
  close(): void;
}

/**
 * EventSource tries again only where the connection broke, not after an answer such as 404 or 502, so the waiting is here.
 * https://html.spec.whatwg.org/multipage/server-sent-events.html#reestablish-the-connection
 */
export function listen(
  url: string,
  events: Readonly<Record<string, (data: unknown) => void>>,
  onState: (state: Connection) => void,
  { silence }: Options = {},
): Stream {
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let watchdog: ReturnType<typeof setTimeout> | undefined;
  let wait = FIRST_RETRY_MS;
  const close = (): void => {
    clearTimeout(timer);
    clearTimeout(watchdog);
    source?.close();
  };
  const lose = (): void => {
    close();
    onState('lost');
    timer = setTimeout(open, wait);
    wait = Math.min(LONGEST_RETRY_MS, wait * 2);
  };
  const expectMore = (): void => {
    clearTimeout(watchdog);
    if (silence !== undefined) watchdog = setTimeout(lose, silence);
  };
  const open = (): void => {
    source = new EventSource(url);
    source.onopen = () => {
      wait = FIRST_RETRY_MS;
      onState('live');
      expectMore();
    };
    source.onerror = lose;
    for (const [name, take] of Object.entries(events)) {
      source.addEventListener(name, ({ data }: MessageEvent<string>) => {
        expectMore();
        take(JSON.parse(data));
      });
    }
  };
  open();
  return { close };
}
