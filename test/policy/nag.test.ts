import type { Stack } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { variants as baseInfra } from '../../base-infra/test/variants.ts';
import { variants as serviceA } from '../../service-a/test/variants.ts';
import { variants as serviceB } from '../../service-b/test/variants.ts';
import { NAG_EXCEPTIONS } from './exceptions.ts';
import { everyTemplate, type Project, stacks } from './system.ts';

const variants: Readonly<Partial<Record<Project, Readonly<Record<string, Stack>>>>> = {
  'base-infra': baseInfra,
  'service-a': serviceA,
  'service-b': serviceB,
};

const checked = everyTemplate.map(({ project, option }) => {
  const stack = option === 'default' ? stacks[project] : variants[project]?.[option];
  if (stack === undefined)
    throw new Error(`test/policy/nag.test.ts does not import the option ${option} of ${project}`);
  return { project, option, stack };
});

test.each(checked)(
  'AWS Solutions, $project, $option: every finding is an exception with a reason, and every exception is still found',
  ({ option, stack }) => {
    // As it would be without a stage.
    const inStack = (path: unknown): string => String(path).slice(stack.node.path.length - stack.node.id.length);
    const findings = new AwsSolutionsChecks()
      .validateScope(stack)
      .violations.flatMap(({ ruleName, violatingResources }) =>
        violatingResources.map(({ constructPath }) => `${ruleName} ${inStack(constructPath)}`),
      );
    const accepted = NAG_EXCEPTIONS.filter(({ options }) => options?.includes(option) ?? true)
      .filter(({ notWith }) => notWith?.includes(option) !== true)
      .flatMap(({ rule, paths }) => paths.map((path) => `${rule} ${path}`))
      .filter((finding) => finding.includes(` ${stack.node.id}/`));
    expect(findings.sort()).toEqual(accepted.sort());
  },
);

test.each(NAG_EXCEPTIONS)('the exception to $rule has a reason', ({ reason }) => {
  expect(reason.length).toBeGreaterThan(30);
});
