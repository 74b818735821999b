/** What the page and `highlands top` say alike. Without imports at run time, so that the page can have it. */
import type { Edge } from './protocol/calls.ts';
import type { Region } from './protocol/region.ts';

/** Longer is a name that CloudFormation made, and a card of the map has no room for it. */
const LONGEST_NAME = 18;

/** A node as people call it: what the load balancer is says more than CloudFormation's name, while there is one only. */
export function nodeName(id: string, { loadBalancers }: Pick<Region, 'loadBalancers'>): string {
  const balancer = loadBalancers.find((one) => one.id === id);
  if (balancer === undefined) return id;
  const long = loadBalancers.filter(({ name }) => name.length > LONGEST_NAME);
  return long.length === 1 && long[0] === balancer ? 'load balancer' : balancer.name;
}

/** What is called, where the node alone does not say it: one of several names, each for a port of its own. */
export const viaOf = ({ to, via, kind }: Pick<Edge, 'to' | 'via' | 'kind'>): string =>
  to === via || kind === 'target-group' ? '' : ` (${via})`;

/** https://man7.org/linux/man-pages/man8/iptables-extensions.8.html, hashlimit */
export const DENIED_NOT_COUNTED =
  "refused connections don't show: this kernel has no hashlimit match to count them with; security groups are enforced all the same";

/** The tasks and their proxies are the agent's processes and end with it. */
const AGENT_STARTS_AGAIN = 'The agent is starting again, and with it all tasks; requests fail until then.';
/** Proxies and tasks don't need it; the agent and everybody else who asks the AWS APIs do. */
const CONTROL_PLANE_SILENT = 'The control plane does not answer: requests go on, but nothing can be changed.';

/** Why the region is shown as it was, if it is. */
export function whyStale({
  agentAnswers,
  controlPlaneAnswers,
}: Pick<Region, 'agentAnswers' | 'controlPlaneAnswers'>): string | undefined {
  const silent = [
    ...(controlPlaneAnswers ? [] : [CONTROL_PLANE_SILENT]),
    ...(agentAnswers ? [] : [AGENT_STARTS_AGAIN]),
  ];
  return silent.length === 0 ? undefined : `${silent.join(' ')} What you see is the last known state.`;
}
