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
  expect(dangling({ Properties: { Values: values }, DependsOn: ['Here'] })).toEqual([]);
});

const unresolved = (name: string, block = 'Resources') =>
  `Template format error: Unresolved resource dependencies [${name}] in the ${block} block of the template`;
const UNDEFINED = 'Template error: instance of Fn::GetAtt references undefined resource Her';

test.each([
  [{ Ref: 'Her' }, unresolved('Her')],
  [{ 'Fn::GetAtt': ['Her', 'Arn'] }, UNDEFINED],
  [{ 'Fn::GetAtt': 'Her.Arn' }, UNDEFINED],
  [{ 'Fn::Sub': 'a-${Her.Arn}' }, unresolved('Her')],
  [{ 'Fn::Sub': ['${Own}', { Own: { Ref: 'Her' } }] }, unresolved('Her')],
  [{ 'Fn::Join': ['', ['a', { Ref: 'Her' }]] }, unresolved('Her')],
  [{ Ref: 'Left' }, unresolved('Left')],
  [{ 'Fn::GetAtt': ['Left', 'Arn'] }, unresolved('Left')],
  [{ 'Fn::If': ['Larg', 'a', 'b'] }, 'Template error: unresolved condition dependency Larg in Fn::If'],
  [{ 'Fn::If': ['Unknown', { Ref: 'Her' }, 'b'] }, unresolved('Her')],
  [
    { 'Fn::FindInMap': ['Size', 'small', 'Cpu'] },
    "Template error: Mapping named 'Size' is not present in the 'Mappings' section of template.",
  ],
])('%j is named with where it is', (value, note) => {
  const found = dangling({ Properties: { Values: [{ Value: value }] } });
  expect(found).toHaveLength(1);
  expect(found[0]).toMatch(/^It Values\[0\]\.Value/);
  expect(found[0]).toContain(` ${note}`);
});

test('so is a dependency, a condition and an output', () => {
  expect(dangling({ DependsOn: 'Her' })).toEqual([`It DependsOn ${unresolved('Her')}`]);
  expect(dangling({ DependsOn: ['Here', 'Left'] })).toEqual([`It DependsOn ${unresolved('Left')}`]);
  expect(dangling({ Condition: 'Larg' })).toEqual([
    'It Condition Template format error: Unresolved condition dependency Larg in the Resources block of the template',
  ]);
  expect(dangling({}, { Outputs: { Out: { Value: { Ref: 'Her' } } } })).toEqual([
    `Out Value ${unresolved('Her', 'Outputs')}`,
  ]);
});

test('a resource with a condition may name another with one', () => {
  expect(dangling({ Condition: 'Unknown', Properties: { Value: { Ref: 'Left' } } })).toEqual([]);
});
