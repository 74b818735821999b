import { Template } from '../support/check.ts';
import type { App, AppStack } from './app.ts';
import { needs } from './needs.ts';
import { deployedOf, keptValues, variablesOf } from './variables.ts';

const Parameters = { Kind: { Type: 'String', Default: 'small' } };
const stack = (name: string, template: object): AppStack => ({
  name,
  template: Template.parse({ Resources: {}, Parameters, ...template }),
  account: undefined,
  region: undefined,
});
const GIVEN = { parameter: {}, ssm: {} };

test('a parameter is what is given, or its default; a nested stack’s is its parent’s affair', () => {
  expect(variablesOf(stack('S', {}), GIVEN)).toMatchObject({ Kind: 'small', 'AWS::Region': 'us-east-1' });
  expect(variablesOf(stack('S', {}), { ...GIVEN, parameter: { Kind: 'large' } })).toMatchObject({ Kind: 'large' });
  expect(variablesOf(stack('S/Nested', {}), { ...GIVEN, parameter: { Kind: 'large' } })['Kind']).toBeUndefined();
});

test('a nested stack that a condition leaves out is not looked at, nor what is nested in it', () => {
  const nested = (Condition: string) => ({ Type: 'AWS::CloudFormation::Stack', Condition });
  const parent = stack('S', {
    Conditions: {
      Small: { 'Fn::Equals': [{ Ref: 'Kind' }, 'small'] },
      Large: { 'Fn::Not': [{ Condition: 'Small' }] },
    },
    Resources: { In: nested('Small'), Out: nested('Large') },
  });
  const inner = { Resources: { Inner: { Type: 'AWS::CloudFormation::Stack' } } };
  const stacks = [parent, stack('S/In', {}), stack('S/Out', inner), stack('S/Out/Inner', {})];
  const app: App = { name: 'app', assembly: '', dockerAssets: [], stacks };
  expect(deployedOf(app, GIVEN).stacks.map(({ name }) => name)).toEqual(['S', 'S/In']);
});

test('a value of the last deploy is kept, with a note where the default is another', () => {
  const all = {
    Kind: { Type: 'String', Default: 'small' },
    Topic: { Type: 'String' },
    Secret: { Type: 'String', NoEcho: true },
    Image: { Type: 'AWS::SSM::Parameter::Value<String>' },
  };
  const before = { Kind: 'large', Topic: 'hello', Secret: '****', Image: 'web:1' };
  const deployed = (values?: Record<string, string>): App => ({
    ...{ name: 'app', assembly: '', dockerAssets: [] },
    stacks: [{ ...stack('S', { Parameters: all }), ...(values === undefined ? {} : { before: values }) }],
  });
  const options = { app: [], template: [], image: {}, ...GIVEN };
  expect(needs([deployed()], options).map(({ resource }) => resource)).toEqual(['Topic', 'Secret', 'Image']);
  expect(needs([deployed(before)], options)).toEqual([]);
  const [one] = deployed(before).stacks;
  const known = one === undefined ? {} : variablesOf(one, GIVEN);
  expect(known).toMatchObject({ Kind: 'large', Topic: 'hello' });
  expect([known['Secret'], known['Image']]).toEqual([undefined, undefined]);
  expect(keptValues([deployed(before)], GIVEN)).toEqual([
    'S keeps Kind=large of its last deploy; the template’s default is small',
  ]);
  expect(keptValues([deployed(before)], { ...GIVEN, parameter: { Kind: 'small' } })).toEqual([]);
});
