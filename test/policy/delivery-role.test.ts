import { Stage } from 'aws-cdk-lib';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projects, stacks, valuesOf } from './system.ts';

const role: unknown = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../.github/delivery-role.template.json'), 'utf8'),
);

/** What `cdk deploy` is told about a project: the manifest, and where its files go. */
function manifests(project: (typeof projects)[number]): unknown[] {
  const directory = Stage.of(stacks[project])?.synth().directory ?? '';
  return readdirSync(directory)
    .filter((name) => name === 'manifest.json' || name.endsWith('.assets.json'))
    .map((name) => JSON.parse(readFileSync(join(directory, name), 'utf8')) as unknown);
}

test.each(projects)('a delivery may assume every role that cdk deploy assumes for %s', (project) => {
  // The deploy role hands the role of cloudFormationExecutionRoleArn to CloudFormation; nobody else assumes it.
  const assumed = manifests(project).flatMap((manifest) => [
    ...valuesOf('assumeRoleArn', manifest),
    ...valuesOf('lookupRole', manifest).flatMap((lookup) => valuesOf('arn', lookup)),
  ]);
  const allowed = (valuesOf('Statement', role) as { readonly Action: unknown }[][])
    .flat()
    .filter(({ Action }) => Action === 'sts:AssumeRole')
    .flatMap((statement) => valuesOf('Fn::Sub', statement));
  expect(new Set(assumed).size).toBe(3);
  expect(assumed.filter((arn) => !allowed.includes(arn))).toEqual([]);
});
