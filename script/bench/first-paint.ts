/** How soon the console shows something, as the browser itself says. */
import { consoleUrlOf, requireRegion } from '../../local/region/region-file.ts';
import { launch } from '../chromium.ts';

/** https://developer.mozilla.org/docs/Web/API/PerformancePaintTiming */
const FIRST_CONTENT = `performance.getEntriesByName('first-contentful-paint').map(({ startTime }) => startTime)`;

/** @returns milliseconds until the page of the running region has its first content, in a browser that never saw it */
export async function firstPaint(): Promise<number[]> {
  const address = consoleUrlOf(requireRegion());
  if (address === undefined) throw new Error('the region has no console');
  const browser = await launch();
  try {
    const page = await browser.newPage();
    await page.goto(address);
    await page.getByRole('navigation').waitFor();
    return await page.evaluate<number[]>(FIRST_CONTENT);
  } finally {
    await browser.close();
  }
}
