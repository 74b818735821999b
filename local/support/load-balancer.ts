/** What of load balancers runs here: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/introduction.html */
import { z } from 'zod';
import { ActionSchema, ConditionSchema, ListenerSchema } from '../agent/aws/listener-rule.ts';
import { Group } from '../agent/aws/read-load-balancers.ts';
import { ignored, partOf, propertiesOf, refused, shape, TAGS } from './rules.ts';

/** Attributes are a list of keys and values; a list of its own says which keys matter. */
const attributes = (kept: readonly string[]) => ({
  Key: {
    schema: z.enum(kept as [string, ...string[]]),
    rule: ignored('the attribute has no effect'),
  },
});

export const LOAD_BALANCER = shape({
  reads: ['Name', 'Scheme', 'Type', 'SecurityGroups', 'Subnets', 'IpAddressType'],
  others: {
    ...TAGS,
    SubnetMappings: refused('only Subnets are read', 'use Subnets'),
    EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic: ignored('PrivateLink is not there'),
    MinimumLoadBalancerCapacity: ignored('a load balancer takes what the machine can'),
    EnableCapacityReservationProvisionStabilize: ignored('a load balancer takes what the machine can'),
    Ipv4IpamPoolId: ignored('addresses are the local region’s'),
  },
  values: {
    Type: {
      schema: z.literal('application'),
      rule: refused('only Application Load Balancers run here', 'use an Application Load Balancer'),
    },
    IpAddressType: { schema: z.literal('ipv4'), rule: ignored('addresses are IPv4 only') },
  },
  parts: {
    LoadBalancerAttributes: shape({ reads: ['Value'], values: attributes(['idle_timeout.timeout_seconds']) }),
  },
});

const ACTION = shape({
  reads: [...propertiesOf(ActionSchema), 'Order'],
  others: {
    AuthenticateCognitoConfig: refused('load balancers sign nobody in', 'leave the action out'),
    AuthenticateOidcConfig: refused('load balancers sign nobody in', 'leave the action out'),
    JwtValidationConfig: refused('load balancers check no tokens', 'leave the action out'),
  },
  values: {
    Type: {
      schema: z.enum(['forward', 'redirect', 'fixed-response']),
      rule: refused('the action is not known', 'use forward, redirect or fixed-response'),
    },
  },
  parts: {
    ForwardConfig: shape({
      reads: ['TargetGroups'],
      others: { TargetGroupStickinessConfig: ignored('requests are not kept on one target group') },
    }),
  },
});

export const LISTENER = shape({
  reads: ['LoadBalancerArn', 'Port', 'Certificates', 'SslPolicy'],
  others: {
    ...TAGS,
    AlpnPolicy: refused('only Application Load Balancers run here', 'leave it out'),
    ListenerAttributes: ignored('headers are as by default'),
    MutualAuthentication: refused('clients are not asked for certificates', 'leave it out'),
  },
  values: {
    Protocol: {
      schema: partOf(ListenerSchema, 'Protocol'),
      rule: refused('the listener can’t be opened here', 'use HTTP'),
    },
  },
  parts: { DefaultActions: ACTION },
});

export const LISTENER_RULE = shape({
  reads: ['ListenerArn', 'Priority'],
  others: {
    ...TAGS,
    Transforms: refused('paths and hosts are not rewritten', 'leave it out'),
  },
  parts: {
    Actions: ACTION,
    Conditions: shape({
      reads: propertiesOf(ConditionSchema),
      others: { SourceIpConfig: refused('every client has the same address here', 'leave the condition out') },
      values: {
        Field: {
          schema: partOf(ConditionSchema, 'Field').refine((field) => field !== 'source-ip'),
          rule: refused(
            'every client has the same address here, or the condition is not known',
            'leave the condition out',
          ),
        },
      },
    }),
  },
});

export const TARGET_GROUP = shape({
  reads: [...propertiesOf(Group, ['TargetGroupArn']), 'HealthCheckEnabled', 'Name', 'Port', 'VpcId'],
  others: {
    ...TAGS,
    IpAddressType: ignored('addresses are IPv4 only'),
    Targets: refused('only tasks of services become targets', 'leave it out'),
    TargetControlPort: refused('the target optimizer is not there', 'leave it out'),
  },
  values: {
    Protocol: {
      schema: partOf(Group, 'Protocol'),
      rule: refused('only Application Load Balancers run here', 'use HTTP'),
    },
    ProtocolVersion: {
      schema: z.literal('HTTP1'),
      rule: refused(
        'targets are called with HTTP/1.1',
        'leave it out; between services Service Connect has HTTP/2 and gRPC',
      ),
    },
    TargetType: { schema: z.literal('ip'), rule: refused('tasks are targets by address', 'use ip, as Fargate does') },
    HealthCheckProtocol: {
      schema: partOf(Group, 'Protocol'),
      rule: refused('the check is made with HTTP', 'use HTTP'),
    },
  },
  parts: {
    TargetGroupAttributes: shape({ reads: ['Value'], values: attributes(['']) }),
    Matcher: shape({
      reads: ['HttpCode'],
      others: { GrpcCode: refused('targets are called with HTTP/1.1', 'leave it out') },
    }),
  },
});
