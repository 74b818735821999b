/** Whatever the API answers: a rule that Envoy can be given, or one clear complaint. */
import fc from 'fast-check';
import { changed, numbersIn, Odd, Where } from '../testing/odd-values.ts';
import { oneLine } from './one-line.ts';
import { RuleSchema } from './listener-rule.ts';

const GOOD = {
  RuleArn: 'arn:rule',
  Priority: '10',
  Conditions: [{ Field: 'path-pattern', PathPatternConfig: { Values: ['/a*'] } }],
};
const ACTIONS = [
  { Type: 'forward', TargetGroupArn: 'arn:group' },
  { Type: 'fixed-response', FixedResponseConfig: { StatusCode: '404', ContentType: 'text/plain', MessageBody: 'no' } },
  { Type: 'redirect', RedirectConfig: { StatusCode: 'HTTP_301', Host: 'x' } },
];

test('a rule with something odd in it', () => {
  fc.assert(
    fc.property(fc.constantFrom(...ACTIONS), Where, Odd, (action, at, by) => {
      const read = RuleSchema.safeParse(changed({ ...GOOD, Actions: [action] }, at, by));
      if (read.success) expect(numbersIn(read.data).every(Number.isFinite)).toBe(true);
      else expect(oneLine(read.error)).toMatch(/^[^\n]+$/);
    }),
    { numRuns: 1000 },
  );
});

test.each(['HTTP_303', 'abc'])('redirect status %s is no silent 302', (StatusCode) => {
  const Actions = [{ Type: 'redirect', RedirectConfig: { StatusCode } }];
  expect(RuleSchema.safeParse({ ...GOOD, Actions }).success).toBe(false);
});
