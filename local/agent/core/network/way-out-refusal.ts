/** Why something was not let out of its VPC, for a person. */
import ipaddr from 'ipaddr.js';
import type { CountedRow } from './denied.ts';
import { closestFirst, HOST_ADDRESS, NEVER_OUT, USER_NETWORK, type WayOutInput } from './way-out-rules.ts';

const within = (address: string, block: string): boolean =>
  ipaddr.IPv4.parse(address).match(ipaddr.IPv4.parseCIDR(block));

/** Whether the closest of a client's routes to an address leads out. */
function leadsOut({ blocks, closed }: WayOutInput['clients'][number], to: string): boolean {
  const [closest] = closestFirst([...blocks, ...closed], (block) => block).filter((block) => within(to, block));
  return closest !== undefined && blocks.includes(closest);
}

/** @returns one line with the remedy; undefined for what is open by now, and for what no option would open */
export function wayOutRefusal(
  { from, to, port }: Pick<CountedRow, 'from' | 'port' | 'to'>,
  { clients, vpcCidrs, open }: WayOutInput,
): string | undefined {
  if ([...vpcCidrs, ...NEVER_OUT].some((block) => within(to, block))) return undefined;
  const asked = `a task asked for ${to}:${String(port)}`;
  if (!clients.some((one) => one.address === from && leadsOut(one, to)))
    return `${asked}, and nothing leads there, as on AWS: its subnet's route table needs a NAT gateway, or an internet gateway with AssignPublicIp`;
  const isHost = to === HOST_ADDRESS;
  const isOpen = within(to, USER_NETWORK)
    ? isHost && open.host
    : open.all || open.destinations.some((one) => one.address === to && one.port === port);
  if (isOpen) return undefined;
  return `${asked}, which is not open: \`--egress ${isHost ? 'host' : `${to}:${String(port)}`}\` of up or deploy opens it`;
}
