import { Match, Template } from 'aws-cdk-lib/assertions';
import { stackWith } from './stack-with.ts';

test('without a share there is a strategy all the same, and no launch type that could not be taken away', () => {
  Template.fromStack(stackWith({})).hasResourceProperties('AWS::ECS::Service', {
    LaunchType: Match.absent(),
    CapacityProviderStrategy: [{ CapacityProvider: 'FARGATE', Weight: 1 }],
  });
});

test('a share of the tasks runs on Spot, above those that never do', () => {
  const template = Template.fromStack(stackWith({ spot: { percent: 70 } }));
  template.hasResourceProperties('AWS::ECS::Service', {
    CapacityProviderStrategy: [
      { CapacityProvider: 'FARGATE', Base: 1, Weight: 30 },
      { CapacityProvider: 'FARGATE_SPOT', Weight: 70 },
    ],
  });
});

test.each([0, 100, 33.3])('a share of %p percent is refused', (percent) => {
  expect(() => stackWith({ spot: { percent } })).toThrow(
    `spot.percent is ${percent}: give a whole percentage from 1 to 99`,
  );
});

test.each([-1, 1.5])('%p tasks on demand are refused', (onDemandBase) => {
  expect(() => stackWith({ spot: { percent: 50, onDemandBase } })).toThrow(`spot.onDemandBase is ${onDemandBase}`);
});
