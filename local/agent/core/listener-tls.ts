/** TLS of HTTPS listeners. The certificate of AWS Certificate Manager can't be had here: its key never leaves AWS. */
import { createHash } from 'node:crypto';

/** The authority that signs for listeners instead. */
export const PUBLIC_AUTHORITY = 'highlands:public';

export type TlsVersion = '1.0' | '1.1' | '1.2' | '1.3';

export interface ListenerTls {
  /** Of the secret that holds certificate and key. */
  readonly secretName: string;
  /** What the certificate is for: this machine, the load balancer's own name, and the names that ACM knows it by. */
  readonly names: readonly [string, ...string[]];
  readonly minimum: TlsVersion;
  readonly maximum: TlsVersion;
}

/**
 * Versions of a security policy by its name; its ciphers are left to Envoy.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html
 */
export function versionsOf(policy: string): Pick<ListenerTls, 'minimum' | 'maximum'> {
  const [, thirteen, least] = /-(TLS13|TLS|FS)-1-([0-3])(?:-|$)/.exec(policy) ?? [];
  return {
    // The others (2016-08, FS-2018-06, 2015-05) begin at 1.0.
    minimum: `1.${least ?? '0'}` as TlsVersion,
    maximum: thirteen === 'TLS13' ? '1.3' : '1.2',
  };
}

export interface HttpsListener {
  readonly certificateArn: string;
  readonly sslPolicy: string;
  /** Of the certificate, where the region's ACM has it. */
  readonly domainNames: readonly string[];
  readonly loadBalancerDnsName: string;
}

export function listenerTls(listener: HttpsListener): ListenerTls {
  const { certificateArn, sslPolicy, domainNames, loadBalancerDnsName } = listener;
  const others = new Set([loadBalancerDnsName, ...domainNames]);
  others.delete('localhost');
  const names = ['localhost', ...others] as const;
  const hash = createHash('sha256').update([certificateArn, ...names].join('\n'));
  return { secretName: `listener.${hash.digest('hex').slice(0, 16)}`, names, ...versionsOf(sslPolicy) };
}
