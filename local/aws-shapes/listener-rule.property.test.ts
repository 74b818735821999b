/** Whatever the API answers: a rule that Envoy can be given, or one clear complaint. */
import { FUZZ_TIMEOUT_MS, fuzz, mutated, numbersIn } from '../testing/fuzz.ts';
import { oneLine } from '../region/one-line.ts';
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

test(
  'a rule with something odd in it',
  () => {
    fuzz(mutated(ACTIONS.map((action) => ({ ...GOOD, Actions: [action] }))), (raw) => {
      const read = RuleSchema.safeParse(raw);
      if (read.success) expect(numbersIn(read.data).every(Number.isFinite)).toBe(true);
      else expect(oneLine(read.error)).toMatch(/^[^\n]+$/);
    });
  },
  FUZZ_TIMEOUT_MS,
);

test.each(['HTTP_303', 'abc'])('redirect status %s is no silent 302', (StatusCode) => {
  const Actions = [{ Type: 'redirect', RedirectConfig: { StatusCode } }];
  expect(RuleSchema.safeParse({ ...GOOD, Actions }).success).toBe(false);
});
