/** Tells on a unix socket what the agent knows. It only tells: what it hears changes nothing. */
import { chmodSync, rmSync } from 'node:fs';
import { createAdaptorServer } from '@hono/node-server';
import { Hono } from 'hono';
import type { ComplaintBook } from '../reports/complaint-book.ts';
import type { CallsJson, IntervalJson } from '../../region/observation.ts';
import type { CallStats } from '../../region/call-stats.ts';
import type { SpanStore } from '../core/tracing/span-store.ts';
import type { Interval } from '../metrics/collector.ts';
import type { Observer } from './observer.ts';

const callsJson = (calls: CallStats): CallsJson => ({
  ...calls,
  latency: [...calls.latency]
    .filter(([, count]) => count > 0)
    .map(([bound, count]) => [Number.isFinite(bound) ? bound : null, count]),
});

function intervalJson({ at, milliseconds, edges, inbound }: Interval): IntervalJson {
  return {
    at,
    milliseconds,
    edges: [...edges].flatMap(([caller, row]) =>
      [...row].map(([called, calls]) => ({ caller, called, calls: callsJson(calls) })),
    ),
    inbound: [...inbound].map(([called, calls]) => ({ called, calls: callsJson(calls) })),
  };
}

/** @param socket its path; what a former agent left there is replaced */
export function serveObservation(
  socket: string,
  observer: Observer,
  spans: SpanStore,
  book: Pick<ComplaintBook, 'list'>,
  log: (message: string) => void,
): void {
  const app = new Hono();
  app.get('/now', async (context) => context.json(await observer.observe()));
  app.get('/intervals', (context) => {
    const after = Number(context.req.query('after') ?? 0);
    return context.json(observer.intervals.filter(({ at }) => at > after).map(intervalJson));
  });
  app.get('/complaints', (context) => context.json(book.list()));
  app.get('/traces', (context) => context.json(spans.recent()));
  app.get('/traces/:id', (context) => {
    const trace = spans.trace(context.req.param('id'));
    return trace === undefined ? context.json(null, 404) : context.json(trace);
  });
  app.onError((error, context) => {
    log(`an observation failed: ${error.message}`);
    return context.text(error.message, 500);
  });
  rmSync(socket, { force: true });
  const server = createAdaptorServer({ fetch: app.fetch });
  // Without its socket the mesh is as well as with it.
  server.on('error', (error: Error) => {
    log(`nobody can look at the agent: ${error.message}`);
  });
  server.listen(socket, () => {
    chmodSync(socket, 0o600);
  });
}
