/** What a person does in the browser, and what the tests ask of a page. */
import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect as expectOnPage } from '@playwright/test';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { ROOT } from '../e2e/harness.ts';

/**
 * What is true of a live page soon, where `expect` is for what is true at once: a page is drawn, and its focus moved,
 * some time after what caused it. https://playwright.dev/docs/test-assertions#auto-retrying-assertions
 */
export const seen = expectOnPage.configure({ timeout: 30_000 });

export type Theme = 'light' | 'dark';

/** Through the switch of the page, as a person does it. */
export async function useTheme(page: Page, theme: Theme): Promise<void> {
  const button = page.getByRole('button', { name: `Use the ${theme} theme` });
  if (await button.isVisible()) await button.click();
}

const AXE = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');
/** https://github.com/dequelabs/axe-core/blob/develop/doc/API.md#axe-core-tags */
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** Rules of WCAG 2.2 A and AA that the page breaks, with where and why; in the dark theme those about colours. */
export async function violations(page: Page, theme: Theme): Promise<string[]> {
  await page.evaluate(AXE);
  const rules = theme === 'light' ? RULES : ['color-contrast'];
  const found: AxeResults = await page.evaluate(`axe.run(document, { runOnly: ${JSON.stringify(rules)} })`);
  return found.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary ?? ''}`),
  );
}

/** What the README shows, so small that a clone does not notice. */
const MOST_IMAGE_BYTES = 200_000;

/**
 * Writes a picture for the README when asked to: `UPDATE_IMAGES=1`.
 * @param afterMs of traffic, so that charts have something to show
 */
export async function picture(page: Page, name: string, afterMs = 0): Promise<void> {
  if (process.env['UPDATE_IMAGES'] === undefined) return;
  await setTimeout(afterMs);
  const path = join(ROOT, 'docs/images', `${name}.png`);
  mkdirSync(join(path, '..'), { recursive: true });
  await page.screenshot({ path, animations: 'disabled' });
  expect(statSync(path).size).toBeLessThan(MOST_IMAGE_BYTES);
}
