/** Answers on a unix socket what the agent knows. No request changes anything. */
import { chmodSync, rmSync } from 'node:fs';
import { promisify } from 'node:util';
import { createAdaptorServer } from '@hono/node-server';
import { Hono } from 'hono';
import type { ComplaintBook } from '../reports/complaint-book.ts';
import type { CallsJson, IntervalJson } from '../../region/observation.ts';
import type { CallStats } from '../../region/call-stats.ts';
import type { SpanStore } from '../core/tracing/span-store.ts';
import type { Interval } from '../metrics/collector.ts';
import type { SideWork } from '../loop/side-work.ts';
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

export interface ObservationParts {
  /** Its path. */
  readonly socket: string;
  readonly observer: Pick<Observer, 'intervals' | 'observe'>;
  readonly spans: Pick<SpanStore, 'recent' | 'trace'>;
  readonly book: Pick<ComplaintBook, 'list'>;
  readonly log: (message: string) => void;
}

export class ObservationServer implements SideWork {
  readonly #parts: ObservationParts;
  #server: ReturnType<typeof createAdaptorServer> | undefined;

  constructor(parts: ObservationParts) {
    this.#parts = parts;
  }

  /** What a former agent left at the socket is replaced. Without its socket the mesh is as well as with it. */
  start(): Promise<void> {
    const { log, socket } = this.#parts;
    rmSync(socket, { force: true });
    const server = createAdaptorServer({ fetch: appOf(this.#parts).fetch });
    this.#server = server;
    return new Promise((resolve) => {
      server.on('error', (error: Error) => {
        log(`nobody can look at the agent: ${error.message}`);
        resolve();
      });
      server.listen(socket, () => {
        chmodSync(socket, 0o600);
        resolve();
      });
    });
  }

  async stop(): Promise<void> {
    if (this.#server?.listening !== true) return;
    await promisify(this.#server.close.bind(this.#server))();
  }
}

function appOf({ book, log, observer, spans }: ObservationParts): Hono {
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
  return app;
}
