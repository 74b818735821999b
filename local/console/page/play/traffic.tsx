/** One request, or a bounded load: from this machine through the load balancer, or from a task of a service. */
import { signal } from '@preact/signals';
import { Play, Send } from 'lucide';
import type { JSX } from 'preact';
import type { Region } from '../../protocol.ts';
import { LOAD_LIMITS } from '../../protocol/limits.ts';
import { Amount, Choice, kept, Text } from './form.tsx';
import { Run } from './run.tsx';
import { targetsFrom } from './targets.ts';

/** They outlive the panel, which goes away while something on the map is picked. */
const from = signal('');
/** What was typed, by where it is sent from: a task knows other names than this machine. */
const typed = signal<Readonly<Record<string, string>>>({});
const perSecond = signal(20);
const time = signal(15);

const chosenUrl = (region: Region): string => typed.value[from.value] ?? targetsFrom(from.value, region)[0] ?? '';

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
      <Text
        label="To"
        suggestions={targetsFrom(from.value, region)}
        value={chosenUrl(region)}
        onChange={(url) => {
          typed.value = { ...typed.value, [from.value]: url };
        }}
      />
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
