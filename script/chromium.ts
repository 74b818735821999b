/** Real Chromium, as it comes from the distribution. */
import { chromium, type Browser } from 'playwright-core';

/** `npm test` finds it and says so when there is none. */
const CHROMIUM = process.env['HIGHLANDS_CHROMIUM'] ?? '/usr/bin/chromium';

/** What only phones home, or needs a screen. Root may not use Chromium's sandbox; the page is our own. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Playwright gives each launch a user-data-dir of its own. */
export const launch = (): Promise<Browser> => chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
