/** The console's forms as people fill them in: at their own pace while the page is drawn again each second, and by keyboard. */
import type { Browser, Locator, Page } from 'playwright-core';
import { launch } from '../../script/chromium.ts';
import { URL_OF_B } from '../e2e/harness.ts';
import { seen } from './browser.ts';

const ADDRESS = process.env['HIGHLANDS_CONSOLE'] ?? '';

let browser: Browser;
let page: Page;

beforeAll(async () => {
  browser = await launch();
  page = await browser.newPage({ viewport: { width: 1360, height: 800 } });
  page.setDefaultTimeout(30_000);
  await page.goto(ADDRESS);
  await page.locator('.node').first().waitFor();
});

afterAll(async () => {
  await browser.close();
});

/** Slower than a key for each time that the page is drawn. */
const PACE = { delay: 700 };

const load = (): Locator => page.locator('.run', { has: page.getByRole('button', { name: 'Start the load' }) });
const command = (): Locator => load().locator('.command code');

test('a number is what was typed, and what is out of bounds is pulled in when the field is left', async () => {
  const field = page.getByLabel('Requests a second');
  await field.selectText();
  await field.pressSequentially('137', PACE);
  await seen(field).toHaveValue('137');
  await seen(command()).toContainText('--rate 137 ');
  await field.selectText();
  await field.pressSequentially('9999');
  await seen(field).toHaveValue('9999');
  await field.press('Tab');
  await seen(field).toHaveValue('500');
  await seen(command()).toContainText('--rate 500 ');
  await field.fill('');
  await field.press('Tab');
  await seen(field).toHaveValue('500');
});

const focused = (): Locator => page.locator(':focus');
const details = (): Locator => page.getByRole('complementary', { name: 'Details' });

test('Enter in a field sends, and the button that was pressed keeps the focus', async () => {
  await page.getByLabel('To', { exact: true }).fill(URL_OF_B);
  await page.getByLabel('To', { exact: true }).press('Enter');
  await page.locator('.outcome').getByText('200', { exact: true }).waitFor();
  const send = page.getByRole('button', { name: 'Send a request' });
  await send.focus();
  const busy = page.locator('.run [aria-busy="true"]');
  // The answer comes when the button was seen to be busy.
  await page.route('**/api/actions', async (route) => {
    await busy.waitFor();
    await route.continue();
  });
  const answered = page.waitForResponse('**/api/actions');
  await page.keyboard.press('Enter');
  await answered;
  await busy.waitFor({ state: 'detached' });
  await page.unroute('**/api/actions');
  await page.locator('.outcome').getByText('200', { exact: true }).waitFor();
  await seen(focused()).toContainText('Send a request');
});

test('a region that does not answer is said to be so, and a token of another region is forgotten', async () => {
  await page.route('**/api/actions', (route) => route.abort());
  await page.getByRole('button', { name: 'Send a request' }).click();
  await page.getByText('The local region does not answer: start it with').waitFor();
  await page.unroute('**/api/actions');
  const other = await browser.newPage();
  await other.goto(new URL('/#token=of-another-region', ADDRESS).href);
  const send = other.getByRole('button', { name: 'Send a request' });
  await send.click();
  await other.getByText('the token is missing or wrong').waitFor();
  await other.getByText('This page can look but not change anything').waitFor();
  await seen(send).toHaveAttribute('aria-disabled', 'true');
  await other.close();
});

test('who ends all faults is at the top of the panel then', async () => {
  const group = page.locator('details', { hasText: 'Break something' });
  await group.locator('summary').click();
  await group.getByRole('combobox', { name: 'Service' }).selectOption('service-a');
  await page.getByLabel('Share of requests').fill('1');
  await page.getByRole('button', { name: 'Break it' }).press('Enter');
  const end = page.getByRole('button', { name: 'End all faults' });
  await end.press('Enter');
  await end.waitFor({ state: 'detached' });
  await seen(focused()).toHaveText('Play');
});

test.each([
  ['Escape', () => page.keyboard.press('Escape')],
  ['its button', () => details().getByRole('link', { name: 'Close' }).press('Enter')],
])('a panel is closed with %s, and the focus is on its node again', async (_, close) => {
  await page.locator('.node[data-id="service-b"]').press('Enter');
  await details().getByRole('link', { name: 'Close' }).focus();
  await close();
  await page.getByRole('complementary', { name: 'Play' }).waitFor();
  await seen(page.locator('.node[data-id="service-b"]')).toBeFocused();
});

test('a view that opens has the focus at its name; Home and End go along its tabs', async () => {
  await page.getByRole('link', { name: 'Services' }).press('Enter');
  await page.getByRole('heading', { name: 'Services', exact: true }).waitFor();
  await seen(focused()).toHaveText('Services');
  await page.getByRole('link', { name: 'service-b' }).press('Enter');
  await page.getByRole('heading', { name: 'service-b', exact: true }).waitFor();
  await seen(focused()).toHaveText('service-b');
  await page.getByRole('tab', { name: 'Traffic' }).press('End');
  await seen(focused()).toHaveText('Play');
  await page.keyboard.press('Home');
  await seen(focused()).toHaveText('Traffic');
});

test('tabs and filters are in the address: a reload, a request and the back button keep them', async () => {
  await page.goto(new URL('/#/services/service-b', ADDRESS).href);
  await page.getByRole('tab', { name: 'Configuration' }).click();
  await page.reload();
  await page.locator('[role="tab"][aria-selected="true"]', { hasText: 'Configuration' }).waitFor();
  await page.goto(new URL('/#/logs', ADDRESS).href);
  await page.getByLabel('Side').selectOption('egress');
  await page.reload();
  await page.locator('tbody tr').getByRole('link').first().press('Enter');
  await page.locator('.request-panel').waitFor();
  await seen(page.getByLabel('Side')).toHaveValue('egress');
  await page.goBack();
  await page.locator('.request-panel').waitFor({ state: 'detached' });
  await seen(page.getByLabel('Side')).toHaveValue('egress');
  await page.goBack();
  await page.locator('[role="tab"][aria-selected="true"]', { hasText: 'Configuration' }).waitFor();
});

test('a text that is typed is one stream, however long', async () => {
  await page.goto(new URL('/#/logs', ADDRESS).href);
  await page.locator('tbody tr').first().waitFor();
  const streams: string[] = [];
  page.on('request', (request) => {
    if (request.url().includes('/api/logs/')) streams.push(request.url());
  });
  const typed = 'service-a:8080';
  const answered = page.waitForResponse((one) => new URL(one.url()).searchParams.get('text') === typed);
  await page.getByLabel('Text').pressSequentially(typed);
  await answered;
  // One; on a machine that stands still between two keys, another.
  expect(streams.length).toBeLessThan(typed.length / 2);
  const before = streams.length;
  await page.getByLabel('Text').fill('x'.repeat(201));
  const answer = await page.waitForResponse('**/api/logs/access?*xxx*');
  expect(answer.status()).toBe(200);
  expect(streams).toHaveLength(before + 1);
});

test('lines stay below the pointer, and go on when it leaves', async () => {
  await page.goto(new URL('/#/logs', ADDRESS).href);
  const first = page.locator('tbody tr').first();
  await first.hover();
  await page.getByText('held while you are on the lines').waitFor();
  const before = await first.getAttribute('title');
  await fetch(URL_OF_B);
  // Longer than lines take to come, see `request.tsx`.
  await page.waitForTimeout(2_000);
  expect(await first.getAttribute('title')).toBe(before);
  await page.getByRole('heading', { name: 'Logs' }).hover();
  await page.waitForFunction(`document.querySelector('tbody tr').title !== ${JSON.stringify(before)}`);
});

test('a request that is closed leaves the focus at the name of its view', async () => {
  await page.goto(new URL('/#/logs', ADDRESS).href);
  await page.locator('tbody tr').getByRole('link').first().press('Enter');
  const panel = page.locator('.request-panel');
  await seen(panel).toBeFocused();
  await panel.getByRole('link', { name: 'Close' }).press('Enter');
  await panel.waitFor({ state: 'detached' });
  await seen(focused()).toHaveText('Logs');
});
