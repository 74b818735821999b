/** Ranges of addresses that a condition of a listener rule names: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_SourceIpConditionConfig.html */
import ipaddr from 'ipaddr.js';

/** Such as 203.0.113.0/24 or 2001:db8::/32, whole: ipaddr.js also takes 10.0/8 and names of interfaces. */
export function isAddressRange(text: string): boolean {
  if (!/^[\da-f:.]+\/\d{1,3}$/i.test(text)) return false;
  return text.includes(':') ? ipaddr.IPv6.isValidCIDR(text) : ipaddr.IPv4.isValidCIDRFourPartDecimal(text);
}
