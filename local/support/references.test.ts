import { Template } from './check.ts';
import { withoutFalse } from './conditions.ts';
import { danglingIn } from './references.ts';

const PARTS = {
  Parameters: { Kind: { Type: 'String', Default: 'small' } },
  Conditions: { Large: { 'Fn::Equals': [{ Ref: 'Kind' }, 'large'] }, Unknown: { 'Fn::Equals': [{ Ref: 'X' }, '1'] } },
  Mappings: { Sizes: { small: { Cpu: '256' } } },
};
const Here = { Type: 'AWS::ECS::Cluster' };
const Left = { Type: 'AWS::ECS::Cluster', Condition: 'Large' };

function dangling(resource: object, more: object = {}): string[] {
  const It = { Type: 'AWS::SSM::Parameter', ...resource };
  const written = Template.parse({ ...PARTS, Resources: { It, Here, Left }, ...more });
  const deployed = withoutFalse(written, { Kind: 'small' });
  return danglingIn(deployed, written).map(({ id, path, note }) => `${id} ${path} ${note}`);
}

test('what the template has, and what every stack has, may be named', () => {
  const values = [
    { Ref: 'Here' },
    { Ref: 'Kind' },
    { Ref: 'AWS::Region' },
    { 'Fn::GetAtt': ['Here', 'Arn'] },
    { 'Fn::GetAtt': 'Here.Arn' },
    { 'Fn::Sub': '${Here}-${Here.Arn}-${AWS::Region}-${!Literal}-$${Kind}' },
    { 'Fn::Sub': ['${Own}-${Here}', { Own: { Ref: 'Kind' } }] },
    { 'Fn::FindInMap': ['Sizes', { Ref: 'Kind' }, 'Cpu'] },
    { 'Fn::If': ['Large', { Ref: 'Left' }, { Ref: 'Here' }] },
    { 'Fn::If': ['Unknown', { Ref: 'Left' }, { Ref: 'Here' }] },
    { Ref: 'Nothing', With: 'more than one member: no function' },
  ];
  expect(dangling({ Properties: { Values: values }, DependsOn: ['Here', 'Left'] })).toEqual([]);
});

const NOT_MADE = 'the stack has no resource or parameter of that name';

test.each([
  [{ Ref: 'Her' }, 'Her', NOT_MADE],
  [{ 'Fn::GetAtt': ['Her', 'Arn'] }, 'Her', NOT_MADE],
  [{ 'Fn::GetAtt': 'Her.Arn' }, 'Her', NOT_MADE],
  [{ 'Fn::Sub': 'a-${Her.Arn}' }, 'Her', NOT_MADE],
  [{ 'Fn::Sub': ['${Own}', { Own: { Ref: 'Her' } }] }, 'Her', NOT_MADE],
  [{ 'Fn::Join': ['', ['a', { Ref: 'Her' }]] }, 'Her', NOT_MADE],
  [{ Ref: 'Left' }, 'Left', NOT_MADE],
  [{ 'Fn::If': ['Larg', 'a', 'b'] }, 'Larg', 'the template has no condition of that name'],
  [{ 'Fn::If': ['Unknown', { Ref: 'Her' }, 'b'] }, 'Her', NOT_MADE],
  [{ 'Fn::FindInMap': ['Size', 'small', 'Cpu'] }, 'Size', 'the template has no mapping of that name'],
])('%j is named with where it is', (value, name, note) => {
  const found = dangling({ Properties: { Values: [{ Value: value }] } });
  expect(found).toHaveLength(1);
  expect(found[0]).toMatch(/^It Values\[0\]\.Value/);
  expect(found[0]).toContain(` ${name}: ${note}`);
});

test('so is a dependency, a condition and an output', () => {
  expect(dangling({ DependsOn: 'Her' })).toEqual([`It DependsOn Her: ${NOT_MADE}`]);
  expect(dangling({ Condition: 'Larg' })).toEqual(['It Condition Larg: the template has no condition of that name']);
  expect(dangling({}, { Outputs: { Out: { Value: { Ref: 'Her' } } } })).toEqual([`Out Value Her: ${NOT_MADE}`]);
});

test('who has a condition may name what has one too', () => {
  expect(dangling({ Condition: 'Unknown', Properties: { Value: { Ref: 'Left' } } })).toEqual([]);
});
