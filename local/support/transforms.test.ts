import fc from 'fast-check';
import { transformsIn } from './transforms.ts';

test.each<[unknown, string[]]>([
  [{ Resources: {} }, []],
  [{ Transform: 'AWS::Serverless-2016-10-31', Resources: {} }, ['AWS::Serverless-2016-10-31']],
  [{ Transform: ['Mine', { Name: 'AWS::Include', Parameters: {} }] }, ['Mine', 'AWS::Include']],
  [{ Resources: { A: { Properties: { 'Fn::Transform': { Name: 'AWS::Include' } } } } }, ['AWS::Include']],
  [{ Transform: 'AWS::LanguageExtensions', Outputs: { A: { Value: { 'Fn::Length': [] } } } }, []],
  [
    { Transform: ['AWS::LanguageExtensions'], Resources: { 'Fn::ForEach::Topics': ['X', ['a', 'b'], {}] } },
    ['AWS::LanguageExtensions (Fn::ForEach::Topics)'],
  ],
])('transforms of %j', (template, names) => {
  expect(transformsIn(template)).toEqual(names);
});

test('text that is no template has none', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(transformsIn({ Transform: value })).toBeInstanceOf(Array);
      expect(transformsIn(value)).toEqual([]);
    }),
  );
});
