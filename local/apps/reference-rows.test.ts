import { Template } from '../support/check.ts';
import type { App } from './app.ts';
import { needs } from './needs.ts';
import { deployedOf } from './variables.ts';

const NOTHING = { app: [], template: [], parameter: {}, ssm: {}, image: {} };

function rows(template: object) {
  const stack = { name: 'S', template: Template.parse(template), account: undefined, region: undefined };
  const app: App = { name: 'app', assembly: '', dockerAssets: [], stacks: [stack] };
  return needs([deployedOf(app, NOTHING)], NOTHING).map(({ resource, property, remedy }) => [
    resource,
    property,
    remedy,
  ]);
}

test('a name that is not there is asked for, also when a condition leaves out what it means', () => {
  const Left = { Type: 'AWS::ECS::Cluster', Condition: 'Never' };
  const It = { Type: 'AWS::SSM::Parameter', Properties: { Value: { Ref: 'Left' } } };
  const Conditions = { Never: { 'Fn::Equals': ['a', 'b'] } };
  expect(rows({ Conditions, Resources: { Left, It } })).toEqual([['It', 'Value', 'name one that is there']]);
});

test('a nested stack is one whose template CDK puts beside that of its parent', () => {
  const nested = { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: 'https://s3/x.json' } };
  const beside = { ...nested, Metadata: { 'aws:asset:path': 'x.nested.template.json' } };
  const Properties = { TemplateURL: { 'Fn::Sub': 'https://s3.${AWS::Region}.${AWS::URLSuffix}/assets/x.json' } };
  const silent = { ...nested, Properties };
  expect(rows({ Resources: { Plain: nested, Beside: beside, Silent: silent } })).toEqual([
    ['Plain', 'TemplateURL', 'nest it as CDK does, or make a stack of its own of it: --template'],
  ]);
});
