import { fakeClient } from '../testing/fake-client.ts';
import { deregistrationDelay } from './deregistration-delay.ts';

const client = (...values: (string | undefined)[]) => {
  const attributes = [...values];
  return fakeClient<Parameters<typeof deregistrationDelay>[0]>({
    DescribeTargetGroupAttributes: () => {
      const Value = attributes.shift();
      if (Value === 'gone') throw new Error('TargetGroupNotFound');
      return {
        Attributes: [
          { Key: 'stickiness.enabled', Value: 'false' },
          ...(Value === undefined ? [] : [{ Key: 'deregistration_delay.timeout_seconds', Value }]),
        ],
      };
    },
  });
};

test.each([
  ['its own', ['30'], 30],
  ['none', ['0'], 0],
  ['the longest of its groups', ['30', '3600', '5'], 3600],
  ['the default, where it is not set', [undefined], 300],
  ['the default, where it can’t be one', ['3601'], 300],
  ['the default, of a group that can’t be read', ['gone', '20'], 300],
])('the delay is %s', async (_what, values, seconds) => {
  expect(
    await deregistrationDelay(
      client(...values),
      values.map((_, index) => `arn:${String(index)}`),
    ),
  ).toBe(seconds);
});

test('a task that is no target of a load balancer has no delay', async () => {
  expect(await deregistrationDelay(client(), [])).toBe(0);
});
