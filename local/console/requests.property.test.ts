/** Whatever the page, or somebody in its place, asks for: one of the actions that there are, or a refusal. */
import fc from 'fast-check';
import { FUZZ_TIMEOUT_MS, fuzz, mutated } from '../testing/fuzz.ts';
import { commandOf } from './command-line.ts';
import { AccessLogFilter, Action, ContainerLogFilter } from './protocol.ts';
import { refusalOf } from './server/guard.ts';

const ACTIONS = [
  { action: 'request', from: 'web', url: 'http://localhost/x', method: 'POST', body: 'b' },
  { action: 'load', url: 'http://localhost/', ratePerSecond: 5, seconds: 2, connections: 1 },
  { action: 'fault', service: 'web', abortStatus: 503, delayMs: 5, percent: 50 },
  { action: 'kill', service: 'web' },
  { action: 'lose-zone', zone: 'us-east-1a' },
  { action: 'clear', service: 'web' },
  { action: 'scale', service: 'web', count: 3 },
  { action: 'stop-task', task: 'abc' },
  { action: 'redeploy', service: 'web' },
];

/** Options that the command line has, so that nothing else of it can be reached. */
const OPTIONS =
  /^--(?:silent|show-error|include|max-time|globoff|head|request|write-out|data-raw|rate|time|connections|from|abort|delay|percent|kill|az|clear|)$/;

test(
  'an action with something odd in it',
  () => {
    fuzz(mutated(ACTIONS), (raw) => {
      const read = Action.safeParse(raw);
      if (!read.success) return;
      const { args } = commandOf(read.data);
      const isBody = (index: number): boolean => args[index - 1] === '--data-raw';
      for (const [index, arg] of args.entries()) {
        expect(typeof arg).toBe('string');
        if (arg.startsWith('-') && !isBody(index)) expect(arg).toMatch(OPTIONS);
      }
    });
  },
  FUZZ_TIMEOUT_MS,
);

test(
  'a filter of logs with something odd in it',
  () => {
    fuzz(
      fc.tuple(fc.constantFrom(AccessLogFilter, ContainerLogFilter), mutated([{ service: 'a', task: 'b' }])),
      ([schema, raw]) => {
        expect(() => schema.safeParse(raw)).not.toThrow();
      },
    );
  },
  FUZZ_TIMEOUT_MS,
);

const ASKED = {
  ...{ method: 'POST', host: 'localhost:9101', origin: 'http://localhost:9101', path: '/api/actions' },
  ...{ fetchSite: 'same-origin', fetchMode: 'cors', fetchDest: 'empty' },
  ...{ authorization: 'Bearer secret', contentType: 'application/json' },
};
const Header = fc.oneof(
  fc.string(),
  fc.constantFrom(undefined, '', 'null', 'localhost', 'http://localhost:9101.evil', 'cross-site', 'GET'),
);

test(
  'a request that is not the page’s own changes nothing',
  () => {
    const own = { port: 9101, token: 'secret' };
    expect(refusalOf(ASKED, own)).toBeUndefined();
    const asked = fc
      .array(fc.tuple(fc.constantFrom(...Object.keys(ASKED)), Header), { minLength: 1, maxLength: 3 })
      .map((changes): Parameters<typeof refusalOf>[0] => ({ ...ASKED, ...Object.fromEntries(changes) }));
    fuzz(asked, (one) => {
      const refusal = refusalOf(one, own);
      const isOurs =
        ['localhost:9101', '127.0.0.1:9101'].includes(one.host?.toLowerCase() ?? '') &&
        [undefined, 'http://localhost:9101', 'http://127.0.0.1:9101'].includes(one.origin) &&
        one.authorization === 'Bearer secret';
      if (!isOurs && one.method !== 'GET' && one.method !== 'HEAD') expect(refusal?.status).toBeGreaterThanOrEqual(401);
      if (refusal !== undefined) expect(refusal.problem).not.toBe('');
    });
  },
  FUZZ_TIMEOUT_MS,
);
