/** Traces in real Chromium, of services that have tracing on: the list, and the waterfall of one. The tests run in order. */
import { setTimeout } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { Browser, Locator, Page } from 'playwright-core';
import { Trace, Traces } from '../../local/console/protocol.ts';
import { launch } from '../../script/chromium.ts';
import { askB, deployAll, projectWith } from '../e2e/harness.ts';
import { picture, seen, useTheme, violations } from './browser.ts';

const ADDRESS = process.env['HIGHLANDS_CONSOLE'] ?? '';

let browser: Browser;
let page: Page;
let trace: Trace;

beforeAll(async () => {
  const [a = '', c = '', b = ''] = ['service-a', 'service-c', 'service-b'].map((project) =>
    projectWith(project, "tracing: { collector: 'adot' },"),
  );
  await deployAll([a, c], [b]);
  browser = await launch();
  page = await browser.newPage({ viewport: { width: 1360, height: 420 }, colorScheme: 'light' });
  page.setDefaultTimeout(30_000);
});

afterAll(async () => {
  await browser.close();
});

async function get(path: string): Promise<unknown> {
  return (await fetch(new URL(path, ADDRESS))).json();
}

/** A trace that all three services have sent their spans of; they send them each five seconds. */
async function wholeTrace(): Promise<Trace> {
  for (let left = 60; left > 0; left--) {
    const { traces } = Traces.parse(await get('/api/traces'));
    const whole = traces.find(({ spans }) => spans === 5);
    if (whole !== undefined) return Trace.parse(await get(`/api/traces/${whole.traceId}`));
    await setTimeout(500);
  }
  throw new Error('no trace came whole');
}

const row = (service: string, kind: string): Locator =>
  page.locator('.waterfall li', { hasText: service }).filter({ hasText: kind });

/** Where a span's bar begins and ends, as shares of the whole, measured on the page. */
async function placeOf(bar: Locator): Promise<{ start: number; end: number }> {
  const [box, track] = await Promise.all([bar.boundingBox(), bar.locator('..').boundingBox()]);
  if (box === null || track === null) throw new Error('a bar is not on the page');
  return { start: (box.x - track.x) / track.width, end: (box.x + box.width - track.x) / track.width };
}

test('traces of real requests are listed, the latest first, and one opens', async () => {
  // The first ones also make connections, which nobody wants to look at.
  for (let count = 0; count < 12; count++) await askB();
  trace = await wholeTrace();
  await page.goto(new URL('/#/traces', ADDRESS).href);
  const rows = page.locator('tbody tr');
  await rows.nth(3).waitFor();
  // By the whole time, since the page shows that of the day, and midnight comes in between.
  await seen
    .poll(async () => {
      const { traces } = Traces.parse(await get('/api/traces'));
      const latestFirst = [...traces].sort((a, b) => b.at - a.at).map(({ traceId }) => `#/traces/${traceId}`);
      const shown = await page.evaluate(
        `[...document.querySelectorAll('tbody th a')].map((a) => a.getAttribute('href'))`,
      );
      return isDeepStrictEqual(shown, latestFirst);
    })
    .toBe(true);
  await page.locator(`a[href$="${trace.traceId}"]`).click();
  await page.getByRole('heading', { name: /^service-b GET/ }).waitFor();
});

test("the waterfall has service-b's span, and in it its calls with what the called services did", async () => {
  expect(trace.spans.map(({ service, kind }) => `${service} ${kind}`).sort()).toEqual([
    'service-a server',
    'service-b client',
    'service-b client',
    'service-b server',
    'service-c server',
  ]);
  await seen(page.locator('.waterfall li')).toHaveCount(5);
  const root = await placeOf(row('service-b', 'server').locator('.bar'));
  expect(root.start).toBeCloseTo(0, 1);
  expect(root.end).toBeCloseTo(1, 1);
  for (const service of ['service-a', 'service-c']) {
    const span = trace.spans.find((one) => one.service === service);
    const parent = trace.spans.find(({ spanId }) => spanId === span?.parentSpanId);
    expect(parent).toMatchObject({ service: 'service-b', kind: 'client' });
    const place = await placeOf(row(service, 'server').locator('.bar'));
    // Within a pixel or two of 800: short spans have a least width, so that they are seen.
    expect(place.start).toBeCloseTo((span?.startMs ?? NaN) / trace.durationMs, 2);
    expect(place.start).toBeGreaterThanOrEqual(root.start);
    expect(place.end).toBeLessThanOrEqual(root.end + 0.01);
  }
});

test('a span opens with its attributes, and the view keeps the rules of WCAG AA', async () => {
  await picture(page, 'console-trace');
  await row('service-a', 'server').getByRole('button').click();
  await page.getByText('http.response.status_code').waitFor();
  for (const theme of ['light', 'dark'] as const) {
    await useTheme(page, theme);
    expect(await violations(page, theme)).toEqual([]);
  }
});
