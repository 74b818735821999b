/** Whatever the API answers: a rule that Envoy can be given, or one clear complaint. */
import fc from 'fast-check';
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
const Odd = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom('', 'NaN', '-1', '1e3', 'HTTP_999', '0x10'),
  fc.constant(undefined),
);

/** One member somewhere in a value is another one. */
function changed(value: unknown, at: readonly number[], by: unknown): unknown {
  const [here, ...rest] = at;
  if (here === undefined || typeof value !== 'object' || value === null) return by;
  const keys = Object.keys(value);
  const key = keys[here % Math.max(1, keys.length)];
  if (key === undefined) return by;
  const made: Record<string, unknown> = { ...(value as Record<string, unknown>) };
  made[key] = changed(made[key], rest, by);
  return Array.isArray(value) ? Object.values(made) : made;
}

function numbersIn(value: unknown): number[] {
  if (typeof value === 'number') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(numbersIn) : [];
}

test('a rule with something odd in it', () => {
  const path = fc.array(fc.nat(5), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(fc.constantFrom(...ACTIONS), path, Odd, (action, at, by) => {
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
