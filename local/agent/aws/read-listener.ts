/** Reads a listener of a load balancer with its rules. */
import {
  DescribeListenerAttributesCommand,
  DescribeRulesCommand,
  type ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { ACMClient } from '@aws-sdk/client-acm';
import { ListenerSchema, RuleSchema } from '../../aws-shapes/listener-rule.ts';
import { isNetwork } from '../../aws-shapes/load-balancer.ts';
import { tcpIdleSeconds, USUAL_TCP_IDLE_SECONDS } from '../../aws-shapes/network-attributes.ts';
import type { Complain } from '../../region/complaints.ts';
import { listenerTls, type ListenerTls } from '../core/listener-tls.ts';
import type { Listener, NetworkListener } from '../core/load-balancer.ts';
import { oneLine } from '../../region/one-line.ts';
import { readDomainNames } from './read-certificate.ts';
import { readEach } from './read-each.ts';

interface ListenerSources {
  readonly elbv2: ElasticLoadBalancingV2Client;
  readonly acm: ACMClient;
}

/** @throws Error when it, or the list of its rules, can't be read */
export async function readListener(
  { elbv2, acm }: ListenerSources,
  raw: unknown,
  dnsName: string,
  complain: Complain,
): Promise<Listener> {
  const { ListenerArn, Port, Protocol, Certificates, SslPolicy, AlpnPolicy } = ListenerSchema.parse(raw);
  const { Rules } = await elbv2.send(new DescribeRulesCommand({ ListenerArn }));
  const rules = readEach(RuleSchema, Rules, 'listener rule', ['RuleArn'], complain);
  const certificateArn = Certificates[0]?.CertificateArn ?? '';
  const tls = async (): Promise<ListenerTls> =>
    listenerTls({
      certificateArn,
      sslPolicy: SslPolicy,
      domainNames: await readDomainNames(acm, certificateArn),
      loadBalancerDnsName: dnsName,
    });
  return {
    port: Port,
    protocol: Protocol,
    tls: Protocol === 'HTTPS' || Protocol === 'TLS' ? await tls() : undefined,
    ...(isNetwork(Protocol) ? { network: await networkOf(elbv2, ListenerArn, AlpnPolicy[0], complain) } : {}),
    rules: rules.sort((a, b) => (a.priority ?? Infinity) - (b.priority ?? Infinity)),
  };
}

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-listeners.html#alpn-policies */
const ALPN: Readonly<Record<string, readonly string[]>> = {
  HTTP1Only: ['http/1.1', 'http/1.0'],
  HTTP2Only: ['h2'],
  HTTP2Optional: ['http/1.1', 'http/1.0', 'h2'],
  HTTP2Preferred: ['h2', 'http/1.1', 'http/1.0'],
};

async function networkOf(
  elbv2: ElasticLoadBalancingV2Client,
  ListenerArn: string,
  alpn = 'None',
  complain: Complain,
): Promise<NetworkListener> {
  const { Attributes = [] } = await elbv2.send(new DescribeListenerAttributesCommand({ ListenerArn }));
  const idleSeconds = tcpIdleSeconds(Attributes, USUAL_TCP_IDLE_SECONDS, (key, value, error) => {
    complain(ListenerArn, `${key} ${value}: ${oneLine(error)}`);
  });
  return { idleSeconds, alpn: ALPN[alpn] ?? [] };
}
