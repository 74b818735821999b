/** What CloudFormation's own language does not take is a line before anything starts. */
import { app } from './testing/odd-app.ts';
import { refusedLines } from './testing/check-lines.ts';

const lines = (template: unknown, given: Readonly<Record<string, string>> = {}): string[] =>
  refusedLines(JSON.stringify(template), given);
const variable = (Value: unknown, more: object = {}) => ({
  ...app({ container: { Environment: [{ Name: 'A', Value }] } }),
  ...more,
});
const MAPPED = { Mappings: { M: { a: { b: '1' } } } };

test.each<[name: string, value: unknown, line: string]>([
  ['a join of a text', { 'Fn::Join': [',', 'x'] }, 'every Fn::Join object requires two parameters'],
  ['a join without a list', { 'Fn::Join': 'x' }, 'every Fn::Join object requires two parameters'],
  ['a join by a number', { 'Fn::Join': [1, ['x']] }, 'every Fn::Join object requires two parameters'],
  ['a join of objects', { 'Fn::Join': ['', [{ a: 1 }]] }, 'every Fn::Join object requires two parameters'],
  ['a choice without a list', { 'Fn::Select': [0] }, 'Fn::Select requires a list argument with two elements'],
  ['a choice by a word', { 'Fn::Select': ['x', ['a']] }, 'Fn::Select requires a list argument with two elements'],
  ['a choice from nothing', { 'Fn::Select': [0, []] }, 'Fn::Select cannot select nonexistent value at index 0'],
  ['a choice before the first', { 'Fn::Select': [-1, ['a']] }, 'cannot select nonexistent value at index -1'],
  ['a zone beyond the last', { 'Fn::Select': [9, { 'Fn::GetAZs': '' }] }, 'nonexistent value at index 9'],
  ['a number substituted', { 'Fn::Sub': 5.5 }, "Fn::Sub intrinsic functions don't specify expected arguments"],
  ['a substitution by a text', { 'Fn::Sub': ['x', 'y'] }, "Fn::Sub intrinsic functions don't specify expected"],
  ['a substitution of half a list', { 'Fn::Sub': ['x'] }, "Fn::Sub intrinsic functions don't specify expected"],
  ['a shell’s default', { 'Fn::Sub': '${A:-b}' }, 'variable names in Fn::Sub syntax must contain only'],
  ['nothing substituted', { 'Fn::Sub': '${}' }, 'variable names in Fn::Sub syntax must contain only'],
  ['a reference to a list', { Ref: ['Vpc'] }, 'every Ref object must have a single String value.'],
  ['a reference to nobody', { Ref: '' }, 'Unresolved resource dependencies [] in the Resources block of the template'],
  [
    'a pseudo parameter that is none',
    { Ref: 'AWS::Nope' },
    'Unresolved resource dependencies [AWS::Nope] in the Resources block',
  ],
  ['an attribute without a name', { 'Fn::GetAtt': ['Vpc'] }, 'every Fn::GetAtt object requires two non-empty'],
  ['an attribute of three', { 'Fn::GetAtt': ['Vpc', 'a', 'b'] }, 'every Fn::GetAtt object requires two non-empty'],
  ['an attribute of a number', { 'Fn::GetAtt': 5 }, 'every Fn::GetAtt object requires two non-empty parameters'],
  ['a choice of one', { 'Fn::If': ['C', 1] }, 'Fn::If requires a list argument with three elements'],
  ['a choice by a number', { 'Fn::If': [5, 1, 2] }, 'with the first element being a condition'],
  ['a text split by nothing', { 'Fn::Split': ['', 'a'] }, 'every Fn::Split object requires two parameters'],
  ['a list in base 64', { 'Fn::Base64': ['x'] }, 'every Fn::Base64 object must have a String-typed value.'],
  ['zones of a list', { 'Fn::GetAZs': ['x'] }, 'every Fn::GetAZs object must have a String-typed value.'],
  ['an import of a list', { 'Fn::ImportValue': ['x'] }, 'every Fn::ImportValue object must have a String-typed value'],
  ['ranges of a word', { 'Fn::Cidr': 'x' }, 'Fn::Cidr takes a list'],
  ['300 ranges', { 'Fn::Cidr': ['10.0.0.0/8', 300, 8] }, 'Fn::Cidr count must be between 1 and 256'],
  ['ranges that do not fit', { 'Fn::Cidr': ['10.0.0.0/24', 9, 5] }, 'cannot fit 9 blocks with 5 CIDR bits'],
  ['ranges of no range', { 'Fn::Cidr': ['10.0.0/24', 1, 5] }, 'ipBlock 10.0.0/24 is not a valid CIDR block'],
  ['a function that is none', { 'Fn::Nope': 'x' }, 'Encountered unsupported function: Fn::Nope'],
])('%s', (_, value, line) => {
  const found = lines(variable(value, { Conditions: { C: { 'Fn::Equals': ['a', 'a'] } } }));
  expect(found.filter((one) => one.includes(line))).toHaveLength(1);
});

test.each<[name: string, value: unknown]>([
  ['a key', { 'Fn::FindInMap': ['M', 'a', 'b'] }],
  ['a key that is known at the deploy', { 'Fn::FindInMap': ['M', { Ref: 'AWS::StackName' }, 'b'] }],
  ['a default', { 'Fn::FindInMap': ['M', 'x', 'b', { DefaultValue: 'd' }] }],
  ['an unclosed variable, which is text', { 'Fn::Sub': '${Vpc' }],
  ['a literal', { 'Fn::Sub': '${!Literal-text}' }],
  ['a number where a text is', { 'Fn::Join': ['-', [1, true, { Ref: 'AWS::Region' }]] }],
  ['a zone', { 'Fn::Select': ['1', { 'Fn::GetAZs': { Ref: 'AWS::Region' } }] }],
  ['ranges', { 'Fn::Select': [0, { 'Fn::Cidr': [{ 'Fn::GetAtt': ['Vpc', 'CidrBlock'] }, 6, 8] }] }],
])('%s is taken', (_, value) => {
  expect(lines(variable(value, MAPPED))).toEqual([]);
});

test.each<[name: string, mappings: object, keys: unknown[], line: string]>([
  ['a first key that is missing', MAPPED, ['M', 'x', 'b'], 'Unable to get mapping for M::x::b'],
  ['a second key that is missing', MAPPED, ['M', 'a', 'x'], 'Unable to get mapping for M::a::x'],
  ['another Region', MAPPED, ['M', { Ref: 'AWS::Region' }, 'b'], 'Unable to get mapping for M::us-east-1::b'],
  ['a name of objects’ own', MAPPED, ['M', 'constructor', 'name'], 'Unable to get mapping for M::constructor::name'],
  ['too few keys', MAPPED, ['M', 'a'], 'every Fn::FindInMap object requires three parameters'],
  ['a level too few', { Mappings: { M: { a: 'x' } } }, ['M', 'a', 'b'], 'Every Mappings attribute must be a map'],
  ['a level too many', { Mappings: { M: { a: { b: { c: 1 } } } } }, ['M', 'a', 'b'], 'must be a String or a List'],
])('a look-up: %s', (_, mappings, keys, line) => {
  expect(lines(variable({ 'Fn::FindInMap': keys }, mappings))).toEqual([expect.stringContaining(line)]);
});

test.each<[name: string, parameter: object, line: string, given?: string]>([
  ['a value that is not allowed', { AllowedValues: ['a'] }, "Parameter 'P' must be one of AllowedValues", 'z'],
  ['a default that is not allowed', { Default: 'x', AllowedValues: ['a'] }, 'must be one of AllowedValues'],
  ['another pattern', { AllowedPattern: '[0-9]+' }, "Parameter 'P' must match pattern [0-9]+", '1x'],
  [
    'a sentence of its own',
    { AllowedPattern: '[0-9]+', ConstraintDescription: 'is a number' },
    'Parameter P failed to satisfy constraint: is a number',
    'x',
  ],
  ['too long', { MaxLength: '2' }, 'must contain at most 2 characters', 'abc'],
  ['too short', { MinLength: 2 }, 'must contain at least 2 characters', 'a'],
  ['no number', { Type: 'Number' }, 'must be a number', 'x'],
  ['too small a number', { Type: 'Number', MinValue: 2 }, 'must be a number not less than 2', '1'],
  ['too large a number', { Type: 'Number', MaxValue: '2' }, 'must be a number not greater than 2', '3'],
  ['one of a list that is no number', { Type: 'List<Number>' }, 'must be a number', '1,x'],
  ['a type that is none', { Type: 'Text' }, 'Unrecognized parameter type: Text', 'x'],
  ['more than 4096 bytes', {}, 'value may not exceed 4096 bytes', 'x'.repeat(4097)],
  ['no type', { Type: undefined }, 'Every Parameters object must contain a Type member', 'x'],
  ['an object for a default', { Default: {} }, 'Every Default member must be a string'],
  ['a property that is none', { Nope: 1 }, "Invalid template parameter property 'Nope'", 'x'],
])('a parameter: %s', (_, parameter, line, ...[given]) => {
  const template = { ...app({}), Parameters: { P: { Type: 'String', ...parameter } } };
  expect(lines(template, given === undefined ? {} : { P: given })).toEqual([expect.stringContaining(line)]);
});

test.each<[name: string, conditions: unknown, line: string]>([
  ['in a circle', { C: { Condition: 'D' }, D: { 'Fn::Not': [{ Condition: 'C' }] } }, 'between conditions: [C, D]'],
  ['of itself', { C: { 'Fn::Not': [{ Condition: 'C' }] } }, 'Circular dependency between conditions: [C]'],
  ['of nobody', { C: { Condition: 'D' } }, 'Unresolved condition dependency D'],
  ['a text', { C: 'true' }, 'Conditions can only be boolean operations on parameters and other conditions'],
  ['of one value', { C: { 'Fn::Equals': [1] } }, 'Fn::Equals requires a list argument with two elements'],
  ['of none', { C: { 'Fn::And': [] } }, 'every Fn::And object requires a list of at least 2 and at most 10'],
  [
    'of eleven',
    { C: { 'Fn::Or': Array.from({ length: 11 }, () => ({ 'Fn::Equals': [1, 1] })) } },
    'every Fn::Or object requires a list of at least 2 and at most 10',
  ],
  ['not a list', { C: { 'Fn::Not': 'x' } }, 'Fn::Not requires a list argument with one element'],
  ['of a resource', { C: { 'Fn::Equals': [{ Ref: 'Vpc' }, 'x'] } }, 'Unresolved dependencies [Vpc]. Cannot reference'],
  ['of an attribute', { C: { 'Fn::Equals': [{ 'Fn::GetAtt': ['Vpc', 'VpcId'] }, 'x'] } }, 'can only be boolean'],
])('a condition %s', (_, Conditions, line) => {
  const found = lines({ ...app({ svc: { Condition: 'C' } }), Conditions });
  expect(found).toEqual([expect.stringContaining(line)]);
});

test.each<[name: string, output: unknown, line: string]>([
  ['without a value', {}, 'Every Outputs member must contain a Value object'],
  ['of an object', { Value: { a: 1 } }, 'The Value field of every Outputs member must evaluate to a String.'],
  ['of a list', { Value: ['a'] }, 'The Value field of every Outputs member must evaluate to a String.'],
  ['of nothing', { Value: null }, "[/Outputs/O/Value] 'null' values are not allowed in templates"],
  ['that is a text', 'x', 'Any Outputs member must be a JSON object.'],
  [
    'exported without a name',
    { Value: 1, Export: {} },
    'The Name field of every Export member must be specified and consist only of',
  ],
  [
    'exported with a space',
    { Value: 1, Export: { Name: 'a b' } },
    'The Name field of every Export member must be specified and consist only of',
  ],
  [
    'exported with a long name',
    { Value: 1, Export: { Name: 'x'.repeat(256) } },
    'The Name field of every Export member must be specified and consist only of',
  ],
  ['with a property that is none', { Value: 1, Nope: 1 }, "Invalid template output property 'Nope'"],
  [
    'of a condition that is none',
    { Value: 1, Condition: 'Nope' },
    'Unresolved condition dependency Nope in the Outputs block of the template',
  ],
])('an output %s', (_, O, line) => {
  expect(lines({ ...app({}), Outputs: { O } })).toEqual([expect.stringContaining(line)]);
});

test.each<[name: string, template: object, line: string]>([
  [
    'another version',
    { ...app({}), AWSTemplateFormatVersion: '2020-01-01' },
    'unsupported value for AWSTemplateFormat',
  ],
  ['a long description', { ...app({}), Description: 'x'.repeat(1025) }, 'description may not exceed 1024 bytes'],
  ['a description that is none', { ...app({}), Description: {} }, 'the description is no text'],
  ['another policy', app({ svc: { DeletionPolicy: 'Perhaps' } }), 'Unrecognized DeletionPolicy "Perhaps"'],
  ['a policy that is a number', app({ svc: { UpdateReplacePolicy: 5 } }), 'Unrecognized UpdateReplacePolicy 5'],
  [
    'one name twice',
    { ...app({}), Parameters: { Vpc: { Type: 'String', Default: 'x' } } },
    'Vpc is a parameter and a resource',
  ],
  [
    'one export twice',
    { ...app({}), Outputs: { A: { Value: 1, Export: { Name: 'e' } }, B: { Value: 2, Export: { Name: 'e' } } } },
    'an export has its name alone in the region',
  ],
])('a template with %s', (_, template, line) => {
  expect(lines(template)).toEqual([expect.stringContaining(line)]);
});
