/** The /etc/hosts of a task, and its name in there. */

export interface HostsFile {
  readonly hostname: string;
  readonly address: string;
  readonly vips: ReadonlyMap<string, string>;
}

/** Service Connect also writes an IPv6 twin of each name; the tasks here have IPv4 only, so a twin would only be tried in vain. */
export function hostsFile({ hostname, address, vips }: HostsFile): string {
  const lines = [['127.0.0.1', 'localhost'], [address, hostname], ...[...vips].map(([name, vip]) => [vip, name])];
  return lines.map((line) => `${line.join(' ')}\n`).join('');
}

/** https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html#vpc-dns-hostnames */
export const hostDomain = (region: string): string =>
  region === 'us-east-1' ? 'ec2.internal' : `${region}.compute.internal`;

export function hostnameOf(address: string, region: string): string {
  return `ip-${address.replaceAll('.', '-')}.${hostDomain(region)}`;
}

/** As Fargate has it: the VPC's resolver, and the domain of AmazonProvidedDNS. https://docs.aws.amazon.com/vpc/latest/userguide/DHCPOptionSet.html */
export const resolvConf = (resolver: string, region: string): string =>
  `search ${hostDomain(region)}\nnameserver ${resolver}\n`;
