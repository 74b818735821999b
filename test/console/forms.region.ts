/** The console's forms as people fill them in: at their own pace, while the page shows the region anew each second. */
import type { Browser, Locator, Page } from 'playwright-core';
import { launch } from '../../script/chromium.ts';

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
const command = (): Promise<string | null> => load().locator('.command code').textContent();

test('a number is what was typed, and what is out of bounds is pulled in when the field is left', async () => {
  const field = page.getByLabel('Requests a second');
  await field.selectText();
  await field.pressSequentially('137', PACE);
  expect(await field.inputValue()).toBe('137');
  expect(await command()).toContain('--rate 137 ');
  await field.selectText();
  await field.pressSequentially('9999');
  expect(await field.inputValue()).toBe('9999');
  await field.press('Tab');
  expect(await field.inputValue()).toBe('500');
  expect(await command()).toContain('--rate 500 ');
  await field.fill('');
  await field.press('Tab');
  expect(await field.inputValue()).toBe('500');
});
