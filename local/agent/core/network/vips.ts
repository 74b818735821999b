/** The virtual address of each name: https://github.com/aws/amazon-vpc-cni-plugins, plugins/ecs-serviceconnect. */

/** All TCP to this block is redirected to the proxy. */
export const VIP_CIDR = '127.255.0.0/16';

/** Addresses .0.1 to .255.254 of the block; more names than that no namespace has. */
const MOST = 65_534;

/**
 * Names in alphabetical order get 127.255.0.1, .2 and so on (the order seen in Service Connect's own hosts files).
 * @throws Error when there are more names than addresses
 */
export function assignVips(dnsNames: Iterable<string>): ReadonlyMap<string, string> {
  const names = [...new Set(dnsNames)].sort();
  if (names.length > MOST)
    throw new Error(`${String(names.length)} names in a namespace: at most ${String(MOST)} have a virtual address`);
  return new Map(
    names.map((name, index) => [name, `127.255.${String(Math.floor((index + 1) / 256))}.${String((index + 1) % 256)}`]),
  );
}
