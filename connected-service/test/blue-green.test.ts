import { Duration } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { stackWith } from './stack-with.ts';

const bakeTime = Duration.minutes(7);

/** The client alias of the service's one entry. */
function aliasWith(expected: Record<string, unknown>): object {
  return {
    ServiceConnectConfiguration: {
      Services: [
        Match.objectLike({
          PortName: 'web',
          DiscoveryName: 'service-c',
          ClientAliases: [{ DnsName: 'service-c', Port: 8081, ...expected }],
        }),
      ],
    },
  };
}

test('ECS itself moves the traffic, keeps the old tasks for the bake time, and still goes back when tasks fail', () => {
  Template.fromStack(stackWith({ blueGreen: { bakeTime } })).hasResourceProperties('AWS::ECS::Service', {
    DeploymentConfiguration: {
      Strategy: 'BLUE_GREEN',
      BakeTimeInMinutes: 7,
      DeploymentCircuitBreaker: { Enable: true, Rollback: true },
      MinimumHealthyPercent: 100,
      MaximumPercent: 200,
    },
    DeploymentController: Match.absent(),
  });
});

test('the test header is the one of ECS, whatever its value', () => {
  Template.fromStack(stackWith({ blueGreen: { bakeTime } })).hasResourceProperties(
    'AWS::ECS::Service',
    aliasWith({ TestTrafficRules: { Header: { Name: 'x-amzn-ecs-blue-green-test' } } }),
  );
});

test('a test header of our own counts with its value', () => {
  const stack = stackWith({ blueGreen: { bakeTime, testHeader: { name: 'x-test', value: 'green' } } });
  Template.fromStack(stack).hasResourceProperties(
    'AWS::ECS::Service',
    aliasWith({ TestTrafficRules: { Header: { Name: 'x-test', Value: { Exact: 'green' } } } }),
  );
});

test('it goes together with TLS: the entry has both', () => {
  const certificateAuthorityArn = 'arn:aws:acm-pca:eu-west-1:111122223333:certificate-authority/1111-2222';
  const stack = stackWith({ blueGreen: { bakeTime }, tls: { certificateAuthorityArn } });
  Template.fromStack(stack).hasResourceProperties('AWS::ECS::Service', {
    ServiceConnectConfiguration: {
      Services: [
        Match.objectLike({
          ClientAliases: [Match.objectLike({ TestTrafficRules: Match.anyValue() })],
          Tls: Match.objectLike({ KmsKey: Match.anyValue() }),
        }),
      ],
    },
  });
});

test('without the option a deployment is rolling', () => {
  const plain = Template.fromStack(stackWith());
  plain.hasResourceProperties('AWS::ECS::Service', {
    DeploymentConfiguration: { Strategy: Match.absent(), BakeTimeInMinutes: Match.absent() },
    ...aliasWith({}),
  });
});

test.each([
  [Duration.seconds(90), '1.5'],
  [Duration.days(2), '2880'],
])('a bake time of %s is refused', (time, minutes) => {
  expect(() => stackWith({ blueGreen: { bakeTime: time } })).toThrow(
    `blueGreen.bakeTime is ${minutes} minutes: give whole minutes, 1440 (a day) at most`,
  );
});
