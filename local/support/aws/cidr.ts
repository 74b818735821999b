/** Ranges of addresses as EC2 takes them: https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html */
import ipaddr from 'ipaddr.js';

export interface Range {
  readonly first: number;
  readonly last: number;
  readonly prefix: number;
}

const numberOf = (parts: readonly number[]): number => parts.reduce((sum, part) => sum * 256 + part, 0);

/** Bits below the prefix are dropped, as EC2 drops them. @returns undefined for what is no range */
export function rangeOf(text: string): Range | undefined {
  if (!/^\d+\.\d+\.\d+\.\d+\/\d+$/.test(text) || !ipaddr.IPv4.isValidCIDR(text)) return undefined;
  const first = numberOf(ipaddr.IPv4.networkAddressFromCIDR(text).octets);
  const last = numberOf(ipaddr.IPv4.broadcastAddressFromCIDR(text).octets);
  return { first, last, prefix: ipaddr.IPv4.parseCIDR(text)[1] };
}

export const isCidr = (text: string): boolean => rangeOf(text) !== undefined;
export const isIpv6Range = (text: string): boolean => ipaddr.IPv6.isValidCIDR(text);
export const holds = (outer: Range, inner: Range): boolean => outer.first <= inner.first && inner.last <= outer.last;
export const overlap = (one: Range, other: Range): boolean => one.first <= other.last && other.first <= one.last;
