/** Addresses in subnets. */
import ipaddr from 'ipaddr.js';
import type { Subnet } from '../region-state.ts';

/** AWS keeps the first four addresses of a subnet and the last: https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html */
const RESERVED_AT_START = 4;

function numberOf(address: string): number {
  return ipaddr.IPv4.parse(address).octets.reduce((sum, octet) => sum * 256 + octet, 0);
}

function addressOf(value: number): string {
  return [24, 16, 8, 0].map((shift) => String(Math.floor(value / 2 ** shift) % 256)).join('.');
}

/** Bits below the prefix are no part of it, as on AWS. */
const baseOf = ({ cidr }: Subnet): number => numberOf(ipaddr.IPv4.networkAddressFromCIDR(cidr).toString());

/** The subnet's router, the first address after the network's. */
export function gatewayOf(subnet: Subnet): string {
  return addressOf(baseOf(subnet) + 1);
}

/**
 * The next free address after `last`, round the subnet: an address just given up is the last to be used again, so a
 * late packet of its former owner reaches nobody.
 * @throws Error when the subnet is full
 */
export function nextAddress(subnet: Subnet, used: ReadonlySet<string>, last: string | undefined): string {
  const [, prefix] = ipaddr.IPv4.parseCIDR(subnet.cidr);
  const base = baseOf(subnet);
  const size = 2 ** (32 - prefix) - RESERVED_AT_START - 1;
  const first = base + RESERVED_AT_START;
  const from = last === undefined ? 0 : numberOf(last) - first + 1;
  for (let step = 0; step < size; step++) {
    const candidate = addressOf(first + ((from + step) % size));
    if (!used.has(candidate)) return candidate;
  }
  throw new Error(`subnet ${subnet.id} (${subnet.cidr}) has no free address: stop some tasks or use a larger subnet`);
}
