import { expectGolden } from '@highlands/connected-service/testing';
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
