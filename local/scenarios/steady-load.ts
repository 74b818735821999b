/** A load under which nothing may fail, and what came of it. */
import type { LoadResult } from './load-result.ts';
import { expect } from './scenario.ts';
import { URL } from './services.ts';

export const LOAD = { url: `${URL}/echo`, connections: 4, overallRate: 200, timeout: 10 } as const;

export const told = ({ answered, failed }: LoadResult, bad: number): string =>
  `${String(answered)} requests, ${String(bad + failed)} failed`;

export const bad = ({ statuses }: LoadResult): number =>
  Object.entries(statuses).reduce((sum, [status, count]) => (Number(status) < 300 ? sum : sum + count), 0);

/** @throws AssertionError when a request failed */
export function allWell(result: LoadResult, more: string): string {
  const seen = `${told(result, bad(result))}, ${more}`;
  expect(result.answered > 0 && bad(result) + result.failed === 0, `${seen} ${JSON.stringify(result.statuses)}`);
  return seen;
}
