import type { StackEvent } from './moment.ts';
import { firstFailure } from './words.ts';

const STACK = 'AWS::CloudFormation::Stack';

/** Of one second, from the newest to the oldest. */
const events = (found: readonly (readonly [resource: string, status: string, reason: string, type?: string])[]) =>
  found.map(([resource, status, reason, type = 'AWS::ECS::Service'], id): StackEvent => ({
    ...{ id: String(id), stack: 'Shop', resource, type, status, reason, at: 0 },
  }));

test.each([
  [
    'the resource, though its stack failed in the same second',
    events([
      ['Web', 'CREATE_FAILED', 'no image'],
      ['Shop', 'ROLLBACK_IN_PROGRESS', 'Rollback requested', STACK],
    ]),
  ],
  [
    'the first of several',
    events([
      ['Shop', 'ROLLBACK_IN_PROGRESS', 'Rollback requested', STACK],
      ['Other', 'CREATE_FAILED', 'too late'],
      ['Web', 'CREATE_FAILED', 'no image'],
    ]),
  ],
  ['the stack, when no resource failed', events([['Web', 'ROLLBACK_IN_PROGRESS', 'no image', STACK]])],
])('why a stack was rolled back: %s', (_, found) => {
  expect(firstFailure(found)).toBe('Web: no image');
});
