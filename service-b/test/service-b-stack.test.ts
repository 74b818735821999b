import { expectGolden } from '@highlands/connected-service/testing';
import { Duration } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { stack } from '../bin/app.ts';
import { variant, variants } from './variants.ts';

const template = Template.fromStack(stack);

test('the template is the reviewed one', () => {
  expectGolden(stack, import.meta.dirname);
});

test('it is told where to call service-a and service-c by their stacks', () => {
  template.hasResourceProperties('AWS::ECS::TaskDefinition', {
    ContainerDefinitions: [
      Match.objectLike({
        Environment: Match.arrayWith([
          { Name: 'SERVICE_A_URL', Value: { 'Fn::ImportValue': 'highlands:service-a:url' } },
          { Name: 'SERVICE_C_URL', Value: { 'Fn::ImportValue': 'highlands:service-c:url' } },
        ]),
      }),
    ],
  });
});

test('every path that no other rule takes goes to it', () => {
  const [targets] = Object.keys(template.findResources('AWS::ElasticLoadBalancingV2::TargetGroup'));
  template.hasResourceProperties('AWS::ElasticLoadBalancingV2::ListenerRule', {
    Priority: 1000,
    Conditions: [{ Field: 'path-pattern', PathPatternConfig: { Values: ['/*'] } }],
    Actions: [{ Type: 'forward', TargetGroupArn: { Ref: targets } }],
  });
});

test('the load balancer asks /health every 10 s and lets go of a task within 30 s', () => {
  template.hasResourceProperties('AWS::ElasticLoadBalancingV2::TargetGroup', {
    TargetType: 'ip',
    Protocol: 'HTTP',
    Port: 3000,
    HealthCheckPath: '/health',
    HealthCheckIntervalSeconds: 10,
    HealthCheckTimeoutSeconds: 3,
    HealthyThresholdCount: 2,
    UnhealthyThresholdCount: 3,
    TargetGroupAttributes: Match.arrayWith([{ Key: 'deregistration_delay.timeout_seconds', Value: '30' }]),
  });
});

test('with TLS the load balancer speaks HTTPS to the proxy on the container port, health checks included', () => {
  Template.fromStack(variants.tls).hasResourceProperties('AWS::ElasticLoadBalancingV2::TargetGroup', {
    Protocol: 'HTTPS',
    Port: 3000,
    HealthCheckProtocol: 'HTTPS',
    // Absent, it is the traffic port, as AWS asks for: not 443.
    HealthCheckPort: Match.absent(),
  });
  Template.fromStack(variants.tls).hasResourceProperties('AWS::ECS::Service', {
    LoadBalancers: [Match.objectLike({ ContainerPort: 3000 })],
    ServiceConnectConfiguration: { Services: [Match.objectLike({ IngressPortOverride: Match.absent() })] },
  });
});

test('scaling follows the requests that the load balancer sends to each task', () => {
  const scaling = Template.fromStack(variants.scaling);
  const [targets] = Object.keys(scaling.findResources('AWS::ElasticLoadBalancingV2::TargetGroup'));
  scaling.hasResourceProperties('AWS::ApplicationAutoScaling::ScalingPolicy', {
    TargetTrackingScalingPolicyConfiguration: {
      PredefinedMetricSpecification: {
        PredefinedMetricType: 'ALBRequestCountPerTarget',
        ResourceLabel: { 'Fn::Join': ['', Match.arrayWith([{ 'Fn::GetAtt': [targets, 'TargetGroupFullName'] }])] },
      },
      TargetValue: 6000,
      ScaleOutCooldown: 60,
      ScaleInCooldown: 300,
    },
  });
  scaling.resourceCountIs('AWS::ApplicationAutoScaling::ScalableTarget', 1);
  scaling.resourceCountIs('AWS::ApplicationAutoScaling::ScalingPolicy', 2);
});

test('requests per target without scaling is refused', () => {
  expect(() => variant({ requestsPerTarget: 6000 })).toThrow('requestsPerTarget needs scaling');
});

describe('blue/green behind the load balancer', () => {
  const blueGreen = Template.fromStack(variants['blue-green']);
  const logicalId = (type: string, id: string): string => {
    const found = Object.keys(blueGreen.findResources(type)).find((key) => new RegExp(`^${id}[0-9A-F]{8}$`).test(key));
    if (found === undefined) throw new Error(`no ${type} ${id}`);
    return found;
  };
  const blue = logicalId('AWS::ElasticLoadBalancingV2::TargetGroup', 'PublicRouteTargets');
  const green = logicalId('AWS::ElasticLoadBalancingV2::TargetGroup', 'PublicRouteAlternateTargets');
  const production = logicalId('AWS::ElasticLoadBalancingV2::ListenerRule', 'PublicRouteRule');
  const testing = logicalId('AWS::ElasticLoadBalancingV2::ListenerRule', 'PublicRouteTestRule');
  const role = logicalId('AWS::IAM::Role', 'PublicRouteRole');

  test('ECS gets both target groups, both rules and a role to change them', () => {
    blueGreen.hasResourceProperties('AWS::ECS::Service', {
      LoadBalancers: [
        {
          ContainerName: 'app',
          ContainerPort: 3000,
          TargetGroupArn: { Ref: blue },
          AdvancedConfiguration: {
            AlternateTargetGroupArn: { Ref: green },
            ProductionListenerRule: { Ref: production },
            TestListenerRule: { Ref: testing },
            RoleArn: { 'Fn::GetAtt': [role, 'Arn'] },
          },
        },
      ],
    });
  });

  test('both rules name both groups, and everything goes to blue at first', () => {
    const forward = {
      Actions: [
        {
          Type: 'forward',
          ForwardConfig: {
            TargetGroups: [
              { TargetGroupArn: { Ref: blue }, Weight: 1 },
              { TargetGroupArn: { Ref: green }, Weight: 0 },
            ],
          },
        },
      ],
    };
    blueGreen.hasResourceProperties('AWS::ElasticLoadBalancingV2::ListenerRule', {
      Priority: 999,
      Conditions: [
        { Field: 'http-header', HttpHeaderConfig: { HttpHeaderName: 'x-highlands-test', Values: ['green'] } },
      ],
      ...forward,
    });
    blueGreen.hasResourceProperties('AWS::ElasticLoadBalancingV2::ListenerRule', {
      Priority: 1000,
      Conditions: [{ Field: 'path-pattern', PathPatternConfig: { Values: ['/*'] } }],
      ...forward,
    });
  });

  test('both groups check health alike', () => {
    const [one, other] = Object.values(blueGreen.findResources('AWS::ElasticLoadBalancingV2::TargetGroup')) as {
      Properties: unknown;
    }[];
    expect(one?.Properties).toEqual(other?.Properties);
    expect(one?.Properties).toMatchObject({ Protocol: 'HTTP', HealthCheckPath: '/health' });
  });

  test('the production rule keeps its id, as two rules of one priority cannot be there at once', () => {
    expect(Object.keys(template.findResources('AWS::ElasticLoadBalancingV2::ListenerRule'))).toEqual([production]);
  });

  test('without a header of our own, the default one with any value is a test', () => {
    const byDefault = variant({ blueGreen: { bakeTime: Duration.minutes(5) } });
    Template.fromStack(byDefault).hasResourceProperties('AWS::ElasticLoadBalancingV2::ListenerRule', {
      Priority: 999,
      Conditions: [
        { Field: 'http-header', HttpHeaderConfig: { HttpHeaderName: 'x-amzn-ecs-blue-green-test', Values: ['*'] } },
      ],
    });
  });

  test('it does not scale on the requests of one of its two target groups', () => {
    expect(() =>
      variant({
        blueGreen: { bakeTime: Duration.minutes(5) },
        scaling: { maxTasks: 4 },
        requestsPerTarget: 6000,
      }),
    ).toThrow('requestsPerTarget does not go with blueGreen');
  });
});

test('its dashboard shows the edges to service-a and service-c, and unhealthy targets are an alarm', () => {
  const observed = Template.fromStack(variants.observability);
  const [dashboard] = Object.values(observed.findResources('AWS::CloudWatch::Dashboard'));
  for (const title of ['calls of service-b', 'calls to service-a', 'calls to service-c', 'Unhealthy targets']) {
    expect(JSON.stringify(dashboard)).toContain(title);
  }
  const [targets] = Object.keys(observed.findResources('AWS::ElasticLoadBalancingV2::TargetGroup'));
  observed.hasResourceProperties('AWS::CloudWatch::Alarm', {
    Threshold: 0,
    Metrics: [
      Match.objectLike({ Expression: 'FILL(unhealthy0, 0)' }),
      Match.objectLike({
        MetricStat: Match.objectLike({
          Stat: 'Maximum',
          Metric: Match.objectLike({
            Namespace: 'AWS/ApplicationELB',
            MetricName: 'UnHealthyHostCount',
            Dimensions: [
              { Name: 'LoadBalancer', Value: Match.anyValue() },
              { Name: 'TargetGroup', Value: { 'Fn::GetAtt': [targets, 'TargetGroupFullName'] } },
            ],
          }),
        }),
      }),
    ],
  });
});

test('with blue/green both target groups count', () => {
  const both = variant({ blueGreen: { bakeTime: Duration.minutes(5) }, observability: {} });
  Template.fromStack(both).hasResourceProperties('AWS::CloudWatch::Alarm', {
    Metrics: Match.arrayWith([Match.objectLike({ Expression: 'FILL(unhealthy0, 0) + FILL(unhealthy1, 0)' })]),
  });
});
