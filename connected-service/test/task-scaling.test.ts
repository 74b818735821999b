import { Match, Template } from 'aws-cdk-lib/assertions';
import { PROPS, stackWith } from './stack-with.ts';

const template = Template.fromStack(stackWith({ scaling: { maxTasks: 9, cpuPercent: 55 } }));

test('between desiredCount and maxTasks', () => {
  const [service] = Object.keys(template.findResources('AWS::ECS::Service'));
  template.hasResourceProperties('AWS::ApplicationAutoScaling::ScalableTarget', {
    ServiceNamespace: 'ecs',
    ScalableDimension: 'ecs:service:DesiredCount',
    MinCapacity: PROPS.desiredCount,
    MaxCapacity: 9,
    ResourceId: {
      'Fn::Join': ['', ['service/', { Ref: Match.anyValue() }, '/', { 'Fn::GetAtt': [service, 'Name'] }]],
    },
  });
});

test('CPU is held at the target: quick to add tasks, slow to remove them', () => {
  template.hasResourceProperties('AWS::ApplicationAutoScaling::ScalingPolicy', {
    PolicyType: 'TargetTrackingScaling',
    TargetTrackingScalingPolicyConfiguration: {
      PredefinedMetricSpecification: { PredefinedMetricType: 'ECSServiceAverageCPUUtilization' },
      TargetValue: 55,
      ScaleOutCooldown: 60,
      ScaleInCooldown: 300,
    },
  });
});

test('an update of the service leaves the number of tasks alone', () => {
  template.hasResourceProperties('AWS::ECS::Service', { DesiredCount: Match.absent() });
});

test('without the option nothing scales', () => {
  const plain = Template.fromStack(stackWith());
  plain.resourceCountIs('AWS::ApplicationAutoScaling::ScalableTarget', 0);
  plain.hasResourceProperties('AWS::ECS::Service', { DesiredCount: PROPS.desiredCount });
});

test.each([PROPS.desiredCount, 1, 4.5])('at most %d tasks is refused', (maxTasks) => {
  expect(() => stackWith({ scaling: { maxTasks, cpuPercent: 50 } })).toThrow(
    `scaling.maxTasks is ${maxTasks}: give a whole number above desiredCount, which is 3`,
  );
});

test.each([0, 101])('%d percent is refused', (cpuPercent) => {
  expect(() => stackWith({ scaling: { maxTasks: 9, cpuPercent } })).toThrow(
    `scaling.cpuPercent is ${cpuPercent}: give a percentage from 1 to 100`,
  );
});

test('scaling that follows no metric is refused at synth', () => {
  const stack = stackWith({ scaling: { maxTasks: 9 } });
  expect(() => Template.fromStack(stack)).toThrow('scaling follows no metric: give cpuPercent, or requestsPerTarget');
});
