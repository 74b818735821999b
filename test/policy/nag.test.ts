import { AwsSolutionsChecks } from 'cdk-nag';
import { NAG_EXCEPTIONS } from './nag-exceptions.ts';
import { projects, stacks } from './system.ts';

test('AWS Solutions: every finding is an exception with a reason, and every exception is still found', () => {
  const findings = projects.flatMap((project) =>
    new AwsSolutionsChecks()
      .validateScope(stacks[project])
      .violations.flatMap(({ ruleName, violatingResources }) =>
        violatingResources.map(({ constructPath }) => `${ruleName} ${String(constructPath)}`),
      ),
  );
  const accepted = NAG_EXCEPTIONS.flatMap(({ rule, paths }) => paths.map((path) => `${rule} ${path}`));
  expect(findings.sort()).toEqual(accepted.sort());
});

test.each(NAG_EXCEPTIONS)('the exception to $rule has a reason', ({ reason }) => {
  expect(reason.length).toBeGreaterThan(40);
});
