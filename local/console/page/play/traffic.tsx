/** One request, or a bounded load: from this machine through the load balancer, or from a task of a service. */
import { signal } from '@preact/signals';
import { Play, Send } from 'lucide';
import type { JSX } from 'preact';
import type { Region } from '../../protocol.ts';
import { LOAD_LIMITS } from '../../protocol/limits.ts';
import { Icon } from '../parts/icon.tsx';
import { Amount, Choice, Text } from './form.tsx';
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
  return (
    <>
      <div class="fields">
        <Choice
          label="From"
          value={from.value}
          options={[['', 'this machine'], ...region.services.map(({ id }) => [id, `a task of ${id}`] as const)]}
          onChange={(value) => {
            from.value = value;
          }}
        />
        <Text
          label="To"
          value={chosenUrl(region)}
          suggestions={urlsOf(region)}
          onChange={(value) => {
            url.value = value;
          }}
        />
      </div>
      <Run
        primary
        action={where === undefined ? undefined : { action: 'request', ...where }}
        button={
          <>
            <Icon of={Send} size={14} /> Send a request
          </>
        }
      />
    </>
  );
}

export function LoadForm({ region }: { region: Region }): JSX.Element {
  const where = target(region);
  return (
    <>
      <div class="fields">
        <Amount
          label="Requests a second"
          min={1}
          max={LOAD_LIMITS.ratePerSecond}
          value={perSecond.value}
          onChange={(value) => {
            perSecond.value = value;
          }}
        />
        <Amount
          label="For"
          unit="seconds"
          min={1}
          max={LOAD_LIMITS.seconds}
          value={time.value}
          onChange={(value) => {
            time.value = value;
          }}
        />
      </div>
      <Run
        action={
          where === undefined
            ? undefined
            : { action: 'load', ...where, ratePerSecond: perSecond.value, seconds: time.value }
        }
        button={
          <>
            <Icon of={Play} size={14} /> Start the load
          </>
        }
      />
    </>
  );
}
