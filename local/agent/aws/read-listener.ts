/** Reads a listener of a load balancer with its rules. */
import { DescribeRulesCommand, type ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { ACMClient } from '@aws-sdk/client-acm';
import { ListenerSchema, RuleSchema } from '../../aws-shapes/listener-rule.ts';
import type { Complain } from '../../region/complaints.ts';
import { listenerTls, type ListenerTls } from '../core/listener-tls.ts';
import type { Listener } from '../core/load-balancer.ts';
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
  const { ListenerArn, Port, Protocol, Certificates, SslPolicy } = ListenerSchema.parse(raw);
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
    tls: Protocol === 'HTTPS' ? await tls() : undefined,
    rules: rules.sort((a, b) => (a.priority ?? Infinity) - (b.priority ?? Infinity)),
  };
}
