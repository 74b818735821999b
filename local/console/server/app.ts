/** The console's HTTP interface: what `protocol.ts` says. */
import { serveStatic } from '@hono/node-server/serve-static';
import { Hono, type Context } from 'hono';
import { secureHeaders } from 'hono/secure-headers';
import { streamSSE } from 'hono/streaming';
import { z } from 'zod';
import { SECONDS_KEPT } from '../../region/history.ts';
import { TRACES_KEPT, TRACES_LISTED } from '../../agent/core/tracing/span-store.ts';
import { Complaint } from '../../region/complaint.ts';
import type { ActionRunner } from '../actions/action-runner.ts';
import { envoyView } from '../envoy-view/read.ts';
import { accessLog, containerLog, requestView, type LogNames } from '../logs/log-feed.ts';
import { Action, AccessLogFilter, ContainerLogFilter } from '../protocol.ts';
import { recentTraces, traceBy } from '../../region/agent-client.ts';
import { historyOf, type Look, type RegionWatch } from '../region/region-watch.ts';
import { tracePage, traceSummary } from '../region/traces.ts';
import { refusalOf, type Own } from './guard.ts';
import { logNames } from './log-names.ts';

export interface ConsoleParts {
  readonly own: Own;
  readonly watch: RegionWatch;
  readonly actions: ActionRunner;
  /** Where the built page lies. */
  readonly pageDirectory: string;
}

/** Idle proxies and sleeping laptops drop a connection that says nothing. */
const KEEP_ALIVE_MS = 15_000;

const header = (context: Context, name: string): string | undefined => context.req.header(name);

/** Server-sent events from batches, until the reader goes. */
function linesOf<Batch>(context: Context, batches: (signal: AbortSignal) => AsyncGenerator<Batch>): Response {
  const gone = new AbortController();
  return streamSSE(context, async (stream) => {
    stream.onAbort(() => {
      gone.abort();
    });
    const keepAlive = setInterval(() => void stream.writeSSE({ event: 'alive', data: '' }), KEEP_ALIVE_MS);
    try {
      for await (const batch of batches(gone.signal))
        await stream.writeSSE({ event: 'lines', data: JSON.stringify(batch) });
    } finally {
      clearInterval(keepAlive);
    }
  });
}

export function consoleApp({ own, watch, actions, pageDirectory }: ConsoleParts): Hono {
  const app = new Hono();
  app.use(
    secureHeaders({
      contentSecurityPolicy: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        connectSrc: ["'self'"],
        baseUri: ["'none'"],
        formAction: ["'none'"],
        frameAncestors: ["'none'"],
      },
      referrerPolicy: 'no-referrer',
      // Plain HTTP on loopback.
      strictTransportSecurity: false,
    }),
  );
  app.use(async (context, next) => {
    const refusal = refusalOf(
      {
        method: context.req.method,
        host: header(context, 'host'),
        origin: header(context, 'origin'),
        path: context.req.path,
        fetchSite: header(context, 'sec-fetch-site'),
        fetchMode: header(context, 'sec-fetch-mode'),
        fetchDest: header(context, 'sec-fetch-dest'),
        authorization: header(context, 'authorization'),
        contentType: header(context, 'content-type'),
      },
      own,
    );
    if (refusal !== undefined) return context.json({ problem: refusal.problem }, refusal.status);
    await next();
    // What changes each second must not be kept; of the page a browser asks whether it is still the same.
    context.header('cache-control', context.req.path.startsWith('/api/') ? 'no-store' : 'no-cache');
    return undefined;
  });

  app.get('/api/region', async (context) => context.json((await watch.now()).region));
  app.get('/api/history', async (context) => context.json(historyOf(await watch.now())));
  app.get('/api/events', (context) =>
    streamSSE(context, async (stream) => {
      const gone = new AbortController();
      stream.onAbort(() => {
        gone.abort();
      });
      const send = (event: string, data: unknown) => stream.writeSSE({ event, data: JSON.stringify(data) });
      const first = await watch.now();
      // Nothing between the history and what comes after it is lost: watching begins in the same turn, and waits its turn.
      let sending = send('history', historyOf(first)).then(() => send('region', first.region));
      // A reader that is slow gets the seconds it missed, and the region only as it is now.
      let waiting: Pick<Look, 'region' | 'seconds'> | undefined;
      const sendOn = async (): Promise<void> => {
        if (waiting === undefined) return;
        const { region, seconds } = waiting;
        waiting = undefined;
        await send('region', region);
        for (const second of seconds) await send('second', second);
      };
      watch.watch(({ region, seconds }) => {
        const queued = waiting !== undefined;
        waiting = { region, seconds: [...(waiting?.seconds ?? []), ...seconds].slice(-SECONDS_KEPT) };
        if (queued) return;
        // When it fails the reader is gone.
        sending = sending.then(sendOn).catch(() => {
          gone.abort();
        });
      }, gone.signal);
      await new Promise<void>((resolve) => {
        // It may be gone since before the first look.
        if (gone.signal.aborted) resolve();
        else
          gone.signal.addEventListener('abort', () => {
            resolve();
          });
      });
    }),
  );
  app.get('/api/services/:id/envoy', async (context) => {
    const view = await envoyView(context.req.param('id'), (await watch.now()).input);
    return view === undefined
      ? context.json({ problem: `no service ${context.req.param('id')}` }, 404)
      : context.json(view);
  });

  const names = async (): Promise<() => LogNames> => {
    await watch.now();
    return () => logNames(watch.latest);
  };
  app.get('/api/logs/access', async (context) => {
    const filter = AccessLogFilter.safeParse(context.req.query());
    if (!filter.success) return context.json({ problem: z.prettifyError(filter.error) }, 400);
    const known = await names();
    return linesOf(context, (signal) => accessLog(filter.data, known, signal));
  });
  app.get('/api/logs/containers', async (context) => {
    const filter = ContainerLogFilter.safeParse(context.req.query());
    if (!filter.success) return context.json({ problem: z.prettifyError(filter.error) }, 400);
    const known = await names();
    return linesOf(context, (signal) => containerLog(filter.data, known, signal));
  });
  app.get('/api/requests/:id', async (context) =>
    context.json(requestView(context.req.param('id'), (await names())())),
  );

  app.get('/api/traces', async (context) => context.json({ traces: (await recentTraces()).map(traceSummary) }));
  app.get('/api/traces/:id', async (context) => {
    const trace = await traceBy(context.req.param('id'));
    return trace === undefined
      ? context.json(
          {
            problem: `no trace ${context.req.param('id')}: the last ${String(TRACES_KEPT)} are kept, and the latest ${String(TRACES_LISTED)} of them listed`,
          },
          404,
        )
      : context.json(tracePage(trace));
  });

  app.post('/api/actions', async (context) => {
    const action = Action.safeParse(await context.req.json().catch(() => undefined));
    if (!action.success) return context.json({ problem: z.prettifyError(action.error) }, 400);
    if (!actions.isFree(action.data))
      return context.json({ problem: 'a load runs already: wait for its end, it is bounded' }, 409);
    return context.json(await actions.run(action.data));
  });

  app.use(serveStatic({ root: pageDirectory, precompressed: true }));
  app.notFound((context) => context.json({ problem: `nothing is at ${context.req.path}` }, 404));
  app.onError((error, context) => {
    // Most often the control plane or the agent starts again: said as it is, and the page asks again.
    if (!(error instanceof Complaint)) console.error(error);
    return context.json({ problem: error.message }, 503);
  });
  return app;
}
