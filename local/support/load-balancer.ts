/** What of load balancers runs here: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/introduction.html */
import { z } from 'zod';
import { ActionSchema, ListenerSchema } from '../aws-shapes/listener-rule.ts';
import { TargetGroupShape } from '../aws-shapes/load-balancer.ts';
import { ignored, partOf, refused, shape, shapeOf, TAGS, warned, type Rule } from './rules.ts';

/** Attributes are a list of keys and values; a list of its own says which keys matter. */
const attributes = (kept: readonly string[], but: Readonly<Record<string, Rule>> = {}) =>
  shape({
    reads: ['Value'],
    values: {
      Key: { schema: z.enum(kept as [string, ...string[]]), rule: ignored('the attribute has no effect'), but },
    },
  });

const ONE_MODE = warned(
  'requests that can be read in two ways are answered with 400, whatever the mode',
  'do not count on requests that another mode lets pass',
);

export const LOAD_BALANCER = shape({
  reads: ['Name', 'Scheme', 'Type', 'SecurityGroups', 'Subnets', 'IpAddressType'],
  others: {
    ...TAGS,
    EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic: ignored('PrivateLink is not there'),
    MinimumLoadBalancerCapacity: ignored('a load balancer takes what the machine can'),
    EnableCapacityReservationProvisionStabilize: ignored('a load balancer takes what the machine can'),
    Ipv4IpamPoolId: ignored('addresses are the local region’s'),
    EnablePrefixForIpv6SourceNat: ignored('addresses are IPv4 only'),
  },
  values: {
    Type: {
      schema: z.enum(['application', 'network']),
      rule: refused('Gateway Load Balancers do not run here', 'use an Application or a Network Load Balancer'),
    },
    IpAddressType: { schema: z.literal('ipv4'), rule: ignored('addresses are IPv4 only') },
  },
  parts: {
    SubnetMappings: shape({
      reads: ['SubnetId'],
      others: {
        AllocationId: ignored('nothing leads here from an Elastic IP address'),
        IPv6Address: ignored('addresses are IPv4 only'),
        PrivateIPv4Address: warned('nodes get addresses of the local region’s', 'use the DNS name'),
        SourceNatIpv6Prefix: ignored('addresses are IPv4 only'),
      },
    }),
    LoadBalancerAttributes: attributes(
      [
        'load_balancing.cross_zone.enabled',
        'client_keep_alive.seconds',
        'idle_timeout.timeout_seconds',
        'routing.http.drop_invalid_header_fields.enabled',
        'routing.http.preserve_host_header.enabled',
        'routing.http.x_amzn_tls_version_and_cipher_suite.enabled',
        'routing.http.xff_client_port.enabled',
        'routing.http.xff_header_processing.mode',
        'routing.http2.enabled',
      ],
      {
        'routing.http.desync_mitigation_mode': ONE_MODE,
        'waf.fail_open.enabled': ignored('no WAF looks at requests here, so none can fail'),
      },
    ),
  },
});

const TRUE = z.union([z.literal(true), z.string().regex(/^true$/i)]);

export const ACTION = shapeOf(ActionSchema, {
  others: {
    Order: ignored('the one action that forwards, redirects or answers is taken'),
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
});

export const LISTENER = shape({
  reads: ['AlpnPolicy', 'LoadBalancerArn', 'Port', 'SslPolicy'],
  others: {
    ...TAGS,
    MutualAuthentication: refused('clients are not asked for certificates', 'leave it out'),
  },
  values: {
    Protocol: {
      schema: partOf(ListenerSchema, 'Protocol'),
      rule: refused('the listener can’t be opened here', 'use HTTP, HTTPS, TCP, TLS, UDP or TCP_UDP'),
    },
  },
  parts: {
    DefaultActions: ACTION,
    Certificates: shape({ reads: ['CertificateArn'] }),
    ListenerAttributes: shape({
      reads: ['Value'],
      values: {
        Key: {
          schema: z.literal('tcp.idle_timeout.seconds'),
          rule: warned('headers are as by default', 'do not count on others'),
        },
      },
    }),
  },
});

const CLIENT_ADDRESS = warned(
  'targets see the address of the load balancer’s node, and not that of the client',
  'use proxy_protocol_v2.enabled where the target has to know it, and let the node into its security group',
);

export const TARGET_GROUP = shapeOf(
  TargetGroupShape,
  {
    reads: ['Name', 'Port'],
    others: {
      VpcId: ignored('tasks are in the VPC of their subnets'),
      ...TAGS,
      IpAddressType: ignored('addresses are IPv4 only'),
      TargetControlPort: refused('the target optimizer is not there', 'leave it out'),
    },
    values: {
      Protocol: {
        schema: partOf(TargetGroupShape, 'Protocol'),
        rule: refused('there are no such targets here', 'use HTTP, HTTPS, TCP, TLS, UDP or TCP_UDP'),
      },
      ProtocolVersion: {
        schema: partOf(TargetGroupShape, 'ProtocolVersion'),
        rule: refused('there is no such protocol version', 'use HTTP1, HTTP2 or GRPC'),
      },
      HealthCheckEnabled: {
        schema: TRUE,
        rule: refused('AWS checks every target that is an address', 'leave it out'),
      },
      TargetType: { schema: z.literal('ip'), rule: refused('tasks are targets by address', 'use ip, as Fargate does') },
      HealthCheckProtocol: {
        schema: partOf(TargetGroupShape, 'HealthCheckProtocol'),
        rule: refused('there is no such check', 'use HTTP, HTTPS or TCP'),
      },
    },
    parts: {
      Targets: shape({
        reads: ['Id', 'Port', 'AvailabilityZone'],
        others: { QuicServerId: refused('there are no QUIC listeners', 'leave it out') },
      }),
      TargetGroupAttributes: attributes(
        [
          'deregistration_delay.timeout_seconds',
          'load_balancing.cross_zone.enabled',
          'proxy_protocol_v2.enabled',
          'target_health_state.unhealthy.connection_termination.enabled',
          'load_balancing.algorithm.type',
          'slow_start.duration_seconds',
          'stickiness.app_cookie.cookie_name',
          'stickiness.app_cookie.duration_seconds',
          'stickiness.enabled',
          'stickiness.lb_cookie.duration_seconds',
          'stickiness.type',
        ],
        { 'preserve_client_ip.enabled': CLIENT_ADDRESS },
      ),
    },
  },
  ['TargetGroupArn'],
);
