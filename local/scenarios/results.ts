/** What came of the scenarios: pure text and data. */
import pc from 'picocolors';
import { table } from '../terminal/tables.ts';
import type { Scenario } from './scenario.ts';

export interface Result {
  readonly scenario: Scenario;
  readonly passed: boolean;
  /** What was seen, or why it could not be seen. */
  readonly seen: string;
  readonly seconds: number;
}

/** What a machine reads: one entry for each scenario. */
export const asJson = (results: readonly Result[]): string =>
  JSON.stringify(
    results.map(({ scenario: { id, trait, expectation, source }, ...result }) => ({
      ...{ id, trait, expectation, source },
      ...result,
    })),
    undefined,
    2,
  );

export function resultTable(results: readonly Result[]): string {
  return table(
    ['trait', 'expected', 'source', 'seen', ''],
    results.map(({ scenario: { id, trait, expectation, source }, seen, passed }) => [
      `${trait}\n${pc.dim(id)}`,
      expectation,
      pc.dim(source.replace('https://', '')),
      seen,
      passed ? pc.green('passed') : pc.red('FAILED'),
    ]),
  );
}

export function scenarioTable(scenarios: readonly Scenario[]): string {
  return table(
    ['scenario', 'trait', 'expected'],
    scenarios.map(({ id, trait, expectation }) => [id, trait, expectation]),
  );
}

/** What failed once more, as it is long after the table's rows have gone by, and the numbers. */
export function summary(results: readonly Result[]): string {
  const failures = results.filter(({ passed }) => !passed);
  const seconds = results.reduce((sum, result) => sum + result.seconds, 0);
  return [
    ...failures.map(({ scenario: { id }, seen }) => pc.red(`✖ ${id}: ${seen}`)),
    `${String(results.length - failures.length)} passed, ${String(failures.length)} failed, in ${seconds.toFixed(0)} s`,
  ].join('\n');
}
