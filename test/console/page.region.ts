/** The console's page in real Chromium on a real region: what a person sees and does. The tests run in order. */
import { setTimeout } from 'node:timers/promises';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { DENIED_NOT_COUNTED } from '../../local/console/words.ts';
import { launch } from '../../script/chromium.ts';
import { URL_OF_B } from '../e2e/harness.ts';
import { picture, seen, useTheme, violations } from './browser.ts';

const ADDRESS = process.env['HIGHLANDS_CONSOLE'] ?? '';

let browser: Browser;
let context: BrowserContext;
let page: Page;
const elsewhere: string[] = [];
/** What the browser complained about; the page must give it no reason. */
const complaints: string[] = [];

beforeAll(async () => {
  browser = await launch();
  context = await browser.newContext({ viewport: { width: 1360, height: 800 }, colorScheme: 'light' });
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  page = await context.newPage();
  page.setDefaultTimeout(30_000);
  page.on('pageerror', ({ message }) => complaints.push(message));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(`${message.text()} ${message.location().url}`);
  });
  page.on('request', (request) => {
    if (new URL(request.url()).origin !== new URL(ADDRESS).origin) elsewhere.push(request.url());
  });
});

afterAll(async () => {
  await browser.close();
});

const edge = (from: string, to: string, state = 'edge-label'): Locator =>
  page.locator(`.edge-label.${state}`, { hasText: `${from} to ${to}:` });
const node = (name: string): Locator => page.locator(`.node[data-id="${name}"]`);
const go = (fragment: string): Promise<unknown> => page.goto(new URL(`/#/${fragment}`, ADDRESS).href);
const press = (name: string | RegExp): Promise<void> => page.getByRole('button', { name }).click();
const group = (title: string): Locator => page.locator('details', { hasText: title });
const openGroup = (title: string): Promise<void> => group(title).locator('summary').click();

/** Requests through the load balancer while one looks: some 25 a second, in waves, and at most 5,000. */
async function withTraffic(look: () => Promise<void>): Promise<void> {
  const over = new AbortController();
  const sent = (async () => {
    for (let count = 0; count < 5_000 && !over.signal.aborted; count++) {
      await fetch(URL_OF_B, { signal: AbortSignal.timeout(20_000) }).catch(() => undefined);
      await setTimeout(40 + 30 * Math.sin(Date.now() / 4_000));
    }
  })();
  try {
    await look();
  } finally {
    over.abort();
    await sent;
  }
}

test('the address opens the map; the token leaves the address', async () => {
  await page.goto(ADDRESS);
  await node('service-b').waitFor();
  expect(page.url()).not.toContain('token');
  await seen(page.locator('.node')).toHaveCount(4);
});

/** As the browser saw it: https://developer.mozilla.org/docs/Web/API/PerformanceResourceTiming/encodedBodySize */
const SIZES = `['navigation', 'resource']
  .flatMap((type) => performance.getEntriesByType(type))
  .filter(({ name }) => !new URL(name).pathname.startsWith('/api/'))
  .map(({ name, encodedBodySize }) => [new URL(name).pathname, encodedBodySize])`;

test('the page is below 300 kB compressed, and nothing comes from elsewhere', async () => {
  const sizes = Object.fromEntries(await page.evaluate<[string, number][]>(SIZES));
  expect(Object.keys(sizes)).toEqual(expect.arrayContaining(['/', '/main.js', '/main.css', '/theme.js']));
  expect(sizes['/main.js']).toBeGreaterThan(10_000);
  expect(Object.values(sizes).reduce((sum, size) => sum + size, 0)).toBeLessThan(300_000);
  expect(elsewhere).toEqual([]);
});

test('the map shows the edges that are allowed, and live what goes over them', async () => {
  // What was refused stays on the map for minutes, also what another file tried.
  const allowed = page.locator('.edge-label:not(.denied)');
  await seen(allowed).toHaveCount(3);
  const labels = await allowed.all();
  const names = await Promise.all(labels.map(async (one) => (await one.textContent())?.split(':')[0]));
  expect(names.sort()).toEqual(['load balancer to service-b', 'service-b to service-a', 'service-b to service-c']);
  await withTraffic(async () => {
    await edge('load balancer', 'service-b', 'ok').waitFor();
    await edge('service-b', 'service-a', 'ok').waitFor();
    await edge('service-b', 'service-c', 'ok').waitFor();
    for (const [from, to] of [
      ['load balancer', 'service-b'],
      ['service-b', 'service-a'],
      ['service-b', 'service-c'],
    ] as const)
      await edge(from, to)
        .filter({ hasText: /: [\d.]+\/sp99 [\d.]+ ms/ })
        .waitFor();
    await picture(page, 'console-map-light', 8_000);
    await useTheme(page, 'dark');
    await picture(page, 'console-map-dark');
    await useTheme(page, 'light');
  });
  await edge('service-b', 'service-a', 'idle').waitFor();
});

test('the keyboard is enough: skip link, arrows along the calls, Enter, Escape', async () => {
  await go('map');
  await page.reload();
  await node('service-b').waitFor();
  await page.keyboard.press('Tab');
  await seen(page.locator(':focus')).toHaveText('Skip to content');
  await page.keyboard.press('Enter');
  await seen(page.locator('#main')).toBeFocused();
  await page.keyboard.press('Tab');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await seen(node('service-b')).toBeFocused();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await page.getByRole('complementary', { name: 'Details' }).getByText('Discovery name').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('complementary', { name: 'Play' }).waitFor();
});

test('a request from the page: its answer, its command, and its way through both proxies', async () => {
  await page.getByLabel('To', { exact: true }).fill(URL_OF_B);
  const command = page.locator('.command code').first();
  await seen(command).toContainText(`'${URL_OF_B}'`);
  await page
    .getByRole('button', { name: /^Copy: curl/ })
    .first()
    .click();
  await seen.poll(() => page.evaluate('navigator.clipboard.readText()')).toBe(await command.textContent());
  await press('Send a request');
  await page.locator('.outcome').getByText('200', { exact: true }).waitFor();
  await page.getByText('"key_one":"(Hello)Field 1"').waitFor();
  await page.getByText('Its line in the access log').click();
  await page.locator('tbody tr', { hasText: 'to service-a' }).first().getByRole('link').click();
  const rows = page.locator('.request-panel tbody tr');
  await rows.filter({ hasText: 'to service-a' }).waitFor();
  await rows.filter({ hasText: 'from service-b' }).first().waitFor();
});

test('a fault turns its edge red, and the end of it back', async () => {
  await go('map');
  await openGroup('Break something');
  await group('Break something').getByRole('combobox', { name: 'Service' }).selectOption('service-a');
  await press('Break it');
  await withTraffic(async () => {
    await edge('service-b', 'service-a', 'bad').waitFor();
    await seen(node('service-a')).toContainText('fault 503');
    await page.getByText('service-a: 100 % of requests get 503').waitFor();
    await picture(page, 'console-fault', 8_000);
    await press('End all faults');
    await edge('service-b', 'service-a', 'ok').waitFor();
  });
});

test('what a security group refuses is on the map, with whose rule is missing', async () => {
  await page.getByLabel('From').selectOption('service-c');
  await page.getByLabel('To', { exact: true }).fill('http://service-a:8080/');
  await press('Send a request');
  await edge('service-c', 'service-a', 'denied').click();
  // The proxy tries another task of service-a: one notice for each.
  await page.getByText('TCP port 3000 is not allowed').first().waitFor();
  await seen(page.locator('.notice.bad').first()).toHaveText(/(ingress|egress) rule.*sg-/);
});

test('scaling shows the new task on the map and in the table', async () => {
  await go('map');
  await openGroup('Scale and deploy');
  const form = group('Scale and deploy');
  await form.getByRole('combobox', { name: 'Service' }).first().selectOption('service-c');
  await form.getByLabel('Tasks wanted').fill('3');
  await form.getByLabel('Tasks wanted').press('Tab');
  await seen(form.locator('.command code').first()).toHaveText('npm run highlands -- scale service-c 3');
  await form.getByRole('button', { name: 'Scale', exact: true }).click();
  await node('service-c').locator('.dot.ok').nth(2).waitFor();
  await go('services/service-c');
  await page.getByRole('tab', { name: 'Tasks and deployments' }).click();
  await page.locator('tr[data-task]').nth(2).waitFor();
});

test('a deployment started from the page goes to its end', async () => {
  const deployments = page.getByRole('region', { name: 'Deployments' }).locator('tbody tr', { hasText: 'primary' });
  const before = (await deployments.locator('.mono').first().textContent()) ?? '';
  await page.getByRole('tab', { name: 'Play' }).click();
  await press('Start a deployment');
  await page.getByRole('tab', { name: 'Tasks and deployments' }).click();
  // On an idle machine it is over within a second, often between two looks.
  await deployments.filter({ hasNotText: before }).filter({ hasText: 'completed' }).waitFor();
});

test('the page of a service: traffic per target, image digest, settings, the proxy beside the template', async () => {
  await withTraffic(async () => {
    await go('services/service-b');
    for (const name of ['load balancer service-b', 'service-b service-a', 'service-b service-c'])
      await page.getByRole('heading', { name }).waitFor();
    await seen(page.locator('article').first().locator('canvas')).toHaveCount(4);
    await page
      .locator('article')
      .first()
      .getByText(/^[\d.]+ ms$/)
      .first()
      .waitFor();
    await picture(page, 'console-service', 75_000);
  });
  await page.getByRole('tab', { name: 'Configuration' }).click();
  await page.getByText(/^sha256:[0-9a-f]{64}$/).waitFor();
  await page.getByText('highlands.local').waitFor();
  await page.getByRole('tab', { name: 'Envoy' }).click();
  await page.locator('.links button').first().waitFor();
  await page.locator('.links button', { hasNotText: 'default' }).first().click();
  await seen(page.getByRole('region', { name: 'Template' }).locator('.marked')).not.toHaveCount(0);
  await seen(page.getByRole('region', { name: 'Envoy' }).locator('.marked')).not.toHaveCount(0);
});

test('the access log comes live and can be filtered', async () => {
  await withTraffic(async () => {
    await go('logs');
    await page.locator('tbody tr').nth(5).waitFor();
    await page.getByLabel('Side').selectOption('egress');
    await page.getByLabel('Service').selectOption('service-b');
    await page.locator('tbody tr', { hasText: 'to service-a' }).first().waitFor();
    await seen(page.locator('tbody tr', { hasText: 'from ' })).toHaveCount(0);
  });
  await page.getByRole('tab', { name: 'Containers' }).click();
  await page.locator('.container-log li').first().waitFor();
});

test.each(['light', 'dark'] as const)('no view breaks a rule of WCAG AA in the %s theme', async (theme) => {
  const found: string[] = [];
  for (const fragment of ['map', 'map/service-b', 'services', 'services/service-b', 'logs', 'traces']) {
    await go(fragment);
    await useTheme(page, theme);
    await page.locator('h1').first().waitFor({ state: 'attached' });
    for (const tab of [undefined, ...(await page.getByRole('tab').all())]) {
      await tab?.click();
      await page.evaluate('document.querySelectorAll("details").forEach((one) => (one.open = true))');
      found.push(...(await violations(page, theme)).map((one) => `${fragment}: ${one}`));
    }
  }
  expect(found).toEqual([]);
});

test('on a narrow screen nothing but tables goes beyond its edge', async () => {
  await page.setViewportSize({ width: 400, height: 800 });
  for (const fragment of ['map', 'services/service-b', 'logs', 'traces']) {
    await go(fragment);
    await page.locator('h1').first().waitFor({ state: 'attached' });
    await seen.poll(() => page.evaluate('document.documentElement.scrollWidth')).toBe(400);
  }
  await page.setViewportSize({ width: 1360, height: 800 });
});

test('the browser had nothing to complain about', () => {
  expect(complaints).toEqual([]);
});

/** A view of a region that is not quite that of the test: what the page gets once, instead of the live events. */
async function goWith(fragment: string, change: (region: string) => string): Promise<void> {
  const data = change(await (await fetch(new URL('/api/region', ADDRESS))).text());
  await context.route('**/api/events', (route) =>
    route.fulfill({ contentType: 'text/event-stream', body: `event: region\ndata: ${data}\n\n` }),
  );
  await go(fragment);
  await page.reload();
}

test('a map that can show no refused connection says so', async () => {
  // The kernel of the machine has the match that counts or not, by chance.
  await goWith('map', (region) => region.replace('"deniedAreCounted":true', '"deniedAreCounted":false'));
  await page.getByText(DENIED_NOT_COUNTED).waitFor();
  await context.unroute('**/api/events');
});

test('while the agent starts again the map is grey: no task answers', async () => {
  await goWith('map', (region) => region.replace('"agentAnswers":true', '"agentAnswers":false'));
  await page.locator('.map-stage.stale').waitFor();
  await context.unroute('**/api/events');
});

test('an access log that is off is said to be off', async () => {
  await context.route('**/api/logs/access*', (route) => route.fulfill({ contentType: 'text/event-stream', body: '' }));
  await goWith('logs', (region) => region.replaceAll('"accessLog":', '"unknown":'));
  await page.getByText('The access log of service-a, service-b, service-c is off').waitFor();
  await seen(page.getByText('Lines come as requests do')).toHaveCount(0);
  await context.unroute('**/api/events');
  await context.unroute('**/api/logs/access*');
});

test('a banner takes nothing from the map: its legend is on the screen', async () => {
  await goWith('map', (region) => region);
  await page.locator('.lost-banner').waitFor();
  await page.locator('.legend').waitFor();
  await seen.poll(() => page.evaluate('document.documentElement.scrollHeight')).toBe(800);
  await context.unroute('**/api/events');
});

test('names as long as CloudFormation makes them fit a narrow screen, and so do two cards', async () => {
  const long = 'GrpcAndTcpPaymentsSettlementStack-ServerServiceD69D759B-AbCdEfGhIjKl';
  await page.setViewportSize({ width: 390, height: 844 });
  for (const fragment of [`services/${long}`, `map/${long}`, 'map']) {
    await goWith(fragment, (region) =>
      // A caller that was refused and is gone has a card of its own.
      JSON.stringify({ ...(JSON.parse(region.replaceAll('service-a', long)) as object), denied: [] }),
    );
    await page.getByText(long).first().waitFor();
    await seen.poll(() => page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    const rightmost = `Math.max(0, ...[...document.querySelectorAll('.node')].map((one) => one.getBoundingClientRect().right))`;
    await seen.poll(() => page.evaluate(rightmost)).toBeLessThanOrEqual(390);
    await context.unroute('**/api/events');
  }
  await page.setViewportSize({ width: 1360, height: 800 });
});

test('a page that lost the region says so, and comes back by itself', async () => {
  await go('map');
  await page.getByText('live', { exact: true }).waitFor();
  await context.route('**/api/events', (route) => route.abort());
  await page.reload();
  await page.getByText('The region does not answer').waitFor();
  await context.unroute('**/api/events');
  await page.getByText('live', { exact: true }).waitFor();
  await node('service-b').waitFor();
});
