/** One request, or a bounded load: from this machine through the load balancer, or from a task of a service. */
import { signal } from '@preact/signals';
import { Play, Send } from 'lucide';
import type { JSX } from 'preact';
import type { Region } from '../../protocol.ts';
import { LOAD_LIMITS } from '../../protocol/limits.ts';
import { Amount, Choice, kept, Text } from './form.tsx';
import { Run } from './run.tsx';

/** They outlive the panel, which goes away while something on the map is picked. */
const from = signal('');
const url = signal<string>();
const perSecond = signal(20);
const time = signal(15);

/** Every name that a task may know, and the load balancer as this machine reaches it. */
function urlsOf({ loadBalancers, services }: Region): string[] {
  const outside = loadBalancers.flatMap((one) => (one.url === undefined ? [] : [`${one.url.replace(/\/$/, '')}/`]));
  const aliases = services.flatMap((service) => service.aliases);
  return [...outside, ...aliases.map(({ dnsName, port }) => `http://${dnsName}:${String(port)}/`)];
}

const chosenUrl = (region: Region): string => url.value ?? urlsOf(region)[0] ?? '';

function target(region: Region): { url: string; from?: string } | undefined {
  const wanted = chosenUrl(region);
  if (!/^https?:\/\/[^/]/.test(wanted)) return undefined;
  return { url: wanted, ...(from.value === '' ? {} : { from: from.value }) };
}

export function RequestForm({ region }: { region: Region }): JSX.Element {
  const where = target(region);
  const callers = region.services.map(({ id }) => [id, `a task of ${id}`] as const);
  return (
    <Run primary icon={Send} button="Send a request" action={where && { action: 'request', ...where }}>
      <Choice label="From" options={[['', 'this machine'], ...callers]} {...kept(from)} />
      <Text label="To" suggestions={urlsOf(region)} {...kept(url)} value={chosenUrl(region)} />
    </Run>
  );
}

export function LoadForm({ region }: { region: Region }): JSX.Element {
  const where = target(region);
  const action = where && { action: 'load' as const, ...where, ratePerSecond: perSecond.value, seconds: time.value };
  return (
    <Run icon={Play} button="Start the load" action={action}>
      <Amount label="Requests a second" min={1} max={LOAD_LIMITS.ratePerSecond} {...kept(perSecond)} />
      <Amount label="For" unit="seconds" min={1} max={LOAD_LIMITS.seconds} {...kept(time)} />
    </Run>
  );
}
