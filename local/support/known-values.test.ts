import { textOf } from './known-values.ts';

test('text that is known before the deploy', () => {
  const variables = { Tag: '1', 'AWS::Region': 'us-east-1' };
  expect(textOf({ 'Fn::Join': [':', ['web', { Ref: 'Tag' }]] }, variables)).toBe('web:1');
  expect(textOf({ 'Fn::Sub': 'web-${AWS::Region}:${Tag}' }, variables)).toBe('web-us-east-1:1');
  expect(textOf({ 'Fn::Sub': 'web:${Other}' }, variables)).toBeUndefined();
});
