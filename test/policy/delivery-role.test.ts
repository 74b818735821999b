import { SERVICE_NAMES, serviceParameters } from '@highlands/connected-service/names';
import { Stage } from 'aws-cdk-lib';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projects, stacks, valuesOf } from './system.ts';

interface Statement {
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
}

const role: unknown = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../.github/delivery-role.template.json'), 'utf8'),
);

const statements = (valuesOf('Statement', role) as Statement[][]).flat();

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
  const allowed = statements
    .filter(({ Action }) => Action === 'sts:AssumeRole')
    .flatMap((statement) => valuesOf('Fn::Sub', statement));
  expect(new Set(assumed).size).toBe(3);
  expect(assumed.filter((arn) => !allowed.includes(arn))).toEqual([]);
});

/** What an action is allowed on where the role is made for a stage, without the part that says which account. */
function allowedOn(action: string, stage: string): RegExp[] {
  return statements
    .filter(({ Action }) => Action === action)
    .flatMap(({ Resource }) => valuesOf('Fn::If', { Resource }) as [string, object, object][])
    .map(([, byDefault, named]) => String(valuesOf('Fn::Sub', stage === '' ? byDefault : named)[0]))
    .map((arn) => arn.replace(/.*{AWS::AccountId}:/, '').replace('${Stage}', stage))
    .map((pattern) => new RegExp(`^${pattern.replaceAll('*', '.*')}$`));
}

test.each([
  ['', 'dev'],
  ['dev', ''],
])('a delivery of the stage "%s" reaches its own parameters, and none of "%s"', (stage, other) => {
  const parameters = (of: string): string[] =>
    SERVICE_NAMES.flatMap((service) => Object.values(serviceParameters(service, of)));
  const reached = (action: string, names: readonly string[]): string[] =>
    names.filter((name) => allowedOn(action, stage).some((pattern) => pattern.test(`parameter${name}`)));
  expect(reached('ssm:GetParameter', parameters(stage))).toEqual(parameters(stage));
  expect(reached('ssm:PutParameter', parameters(stage))).toEqual(
    SERVICE_NAMES.map((service) => serviceParameters(service, stage).image),
  );
  for (const action of ['ssm:GetParameter', 'ssm:PutParameter']) expect(reached(action, parameters(other))).toEqual([]);
});
