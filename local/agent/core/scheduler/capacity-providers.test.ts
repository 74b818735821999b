import { nextProviders } from './capacity-providers.ts';

const strategy = (base: number, onDemand: number, spot: number) => [
  { capacityProvider: 'FARGATE', base, weight: onDemand },
  { capacityProvider: 'FARGATE_SPOT', base: 0, weight: spot },
];
const counted = (providers: readonly string[]) => [
  providers.filter((one) => one === 'FARGATE').length,
  providers.filter((one) => one === 'FARGATE_SPOT').length,
];

test('without a strategy there is no provider', () => {
  expect(nextProviders([], [], 3)).toEqual([]);
});

test.each([
  [strategy(2, 50, 50), 2, [2, 0]],
  [strategy(2, 50, 50), 6, [4, 2]],
  [strategy(0, 25, 75), 8, [2, 6]],
  [strategy(1, 1, 99), 4, [1, 3]],
  [strategy(0, 0, 1), 3, [0, 3]],
])('%j spreads %d tasks as %j', (items, count, expected) => {
  expect(counted(nextProviders(items, [], count))).toEqual(expected);
});

test('what runs already counts, so that a lost Spot task is replaced by one', () => {
  expect(nextProviders(strategy(1, 50, 50), ['FARGATE', 'FARGATE'], 1)).toEqual(['FARGATE_SPOT']);
});
