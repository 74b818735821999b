import fc from 'fast-check';
import { checkTemplate, Template } from './check.ts';
import { conditionsOf, withoutFalse } from './conditions.ts';

/** A condition as a tree: the parameters P0, P1 and P2 are each `yes` or `no`. */
type Tree =
  | { readonly is: number; readonly text: 'yes' | 'no' }
  | { readonly not: Tree }
  | { readonly and: readonly Tree[] }
  | { readonly or: readonly Tree[] };

const { tree: TREE } = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4 },
    fc.record({ is: fc.nat(2), text: fc.constantFrom('yes' as const, 'no' as const) }),
    fc.record({ not: tie('tree') }),
    fc.record({ and: fc.array(tie('tree'), { minLength: 2, maxLength: 4 }) }),
    fc.record({ or: fc.array(tie('tree'), { minLength: 2, maxLength: 4 }) }),
  ),
}));
const VALUES = fc.tuple(fc.boolean(), fc.boolean(), fc.boolean());

const textIn = (value: boolean | undefined) => (value === true ? 'yes' : 'no');

/** What CloudFormation makes of it. */
function meant(tree: Tree, values: readonly boolean[]): boolean {
  if ('is' in tree) return textIn(values[tree.is]) === tree.text;
  if ('not' in tree) return !meant(tree.not, values);
  return 'and' in tree ? tree.and.every((one) => meant(one, values)) : tree.or.some((one) => meant(one, values));
}

/** As templates write it; each part is also a condition of its own, so that parts name each other. */
function written(tree: Tree, conditions: Record<string, unknown>): { Condition: string } {
  const part = (one: Tree) => written(one, conditions);
  const node =
    'is' in tree
      ? { 'Fn::Equals': [{ Ref: `P${String(tree.is)}` }, tree.text] }
      : 'not' in tree
        ? { 'Fn::Not': [part(tree.not)] }
        : 'and' in tree
          ? { 'Fn::And': tree.and.map(part) }
          : { 'Fn::Or': tree.or.map(part) };
  const name = `C${String(Object.keys(conditions).length)}`;
  conditions[name] = node;
  return { Condition: name };
}

function holds(tree: Tree, values: readonly (boolean | undefined)[]): boolean | undefined {
  const conditions: Record<string, unknown> = {};
  const { Condition } = written(tree, conditions);
  const known = values.flatMap((value, index) => (value === undefined ? [] : [[`P${String(index)}`, textIn(value)]]));
  return conditionsOf(conditions, Object.fromEntries(known) as Record<string, string>)(Condition);
}

test('a condition holds as CloudFormation means it', () => {
  fc.assert(fc.property(TREE, VALUES, (tree, values) => holds(tree, values) === meant(tree, values)));
});

test('a finding that is made before the parameters are known holds for all of their values', () => {
  fc.assert(
    fc.property(TREE, VALUES, VALUES, (tree, values, known) => {
      const said = holds(
        tree,
        values.map((value, index) => (known[index] === true ? value : undefined)),
      );
      return said === undefined || said === meant(tree, values);
    }),
  );
});

const ODD = fc.object({
  key: fc.constantFrom('Fn::Equals', 'Fn::And', 'Fn::Or', 'Fn::Not', 'Condition', 'Ref', 'One'),
  maxDepth: 4,
});

test('conditions that are none, or need each other in a circle, are not known', () => {
  fc.assert(
    fc.property(ODD, (one) => {
      expect([true, false, undefined]).toContain(conditionsOf({ One: one }, {})('One'));
    }),
  );
  const circle = { A: { Condition: 'B' }, B: { 'Fn::Not': [{ Condition: 'A' }] } };
  expect(conditionsOf(circle, {})('A')).toBeUndefined();
  expect(conditionsOf({}, {})('Missing')).toBeUndefined();
});

test('text, numbers and pseudo parameters are compared as text', () => {
  const variables = { Count: '1', Flag: 'true', 'AWS::Region': 'us-east-1' };
  const isEqual = (...parts: unknown[]) => conditionsOf({ One: { 'Fn::Equals': parts } }, variables)('One');
  expect(isEqual({ Ref: 'Count' }, 1)).toBe(true);
  expect(isEqual({ Ref: 'Flag' }, true)).toBe(true);
  expect(isEqual({ 'Fn::Sub': '${AWS::Region}-${Count}' }, 'us-east-1-1')).toBe(true);
  expect(isEqual({ Ref: 'AWS::Region' }, 'eu-west-1')).toBe(false);
  expect(isEqual({ 'Fn::FindInMap': ['A', 'B', 'C'] }, 'x')).toBeUndefined();
});

const CONDITIONAL = Template.parse({
  Conditions: {
    OnInstances: { 'Fn::Equals': [{ Ref: 'Kind' }, 'EC2'] },
    OnFargate: { 'Fn::Not': [{ Condition: 'OnInstances' }] },
  },
  Resources: {
    Group: { Type: 'AWS::AutoScaling::AutoScalingGroup', Condition: 'OnInstances' },
    Service: {
      Type: 'AWS::ECS::Service',
      Properties: {
        LaunchType: { 'Fn::If': ['OnInstances', 'EC2', 'FARGATE'] },
        PlacementStrategies: { 'Fn::If': ['OnInstances', [{ Type: 'spread' }], { Ref: 'AWS::NoValue' }] },
        LoadBalancers: [{ 'Fn::If': ['OnFargate', { ContainerName: 'c' }, { LoadBalancerName: 'classic' }] }],
      },
    },
  },
  Outputs: {
    Group: { Condition: 'OnInstances', Value: 'x', Export: { Name: 'group' } },
    Url: { Condition: 'OnFargate', Value: 'x', Export: { Name: { 'Fn::If': ['OnFargate', 'url', 'none'] } } },
  },
});
const refused = (variables: Record<string, string>) =>
  checkTemplate('S', withoutFalse(CONDITIONAL, variables)).flatMap(({ resource, property, remedy }) =>
    remedy === undefined ? [] : [`${resource} ${property}`],
  );

test('what a false condition leaves out is not judged, and of Fn::If the branch that is taken', () => {
  expect(refused({ Kind: 'FARGATE' })).toEqual([]);
  expect(refused({ Kind: 'EC2' })).toEqual([
    'Group ',
    'Service LaunchType: "EC2"',
    'Service PlacementStrategies',
    'Service LoadBalancers[0].LoadBalancerName',
  ]);
  expect(withoutFalse(CONDITIONAL, { Kind: 'FARGATE' }).Outputs).toEqual({
    Url: { Condition: 'OnFargate', Value: 'x', Export: { Name: 'url' } },
  });
});

test('what can’t be known is there, and its Fn::If is not judged', () => {
  expect(refused({})).toEqual(['Group ', 'Service PlacementStrategies']);
});
