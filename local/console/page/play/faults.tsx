/** What can go wrong, on request; and what does at the moment, to be ended. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import type { ActionInput, Fault, Region } from '../../protocol.ts';
import { milliseconds } from '../format.ts';
import { focusHeading } from '../parts/focus.ts';
import { Amount, Choice, choices } from './form.tsx';
import { Run } from './run.tsx';

export function CurrentFaults({ region: { faults } }: { region: Region }): JSX.Element | null {
  const said = [
    ...Object.entries(faults.services).map(([service, fault]) => `${service}: ${inWords(fault)}`),
    ...faults.lostZones.map((zone) => `${zone} is cut off`),
  ];
  return said.length === 0 ? null : <BrokenOnPurpose said={said} />;
}

function BrokenOnPurpose({ said }: { said: readonly string[] }): JSX.Element {
  const notice = useRef<HTMLElement>(null);
  useEffect(() => {
    const around = notice.current?.closest<HTMLElement>('.panel, .content');
    return () => {
      // Its own button ended it.
      if (around && document.activeElement === document.body) focusHeading(around);
    };
  }, []);
  return (
    <section ref={notice} class="notice warn">
      <h3>Broken on purpose</h3>
      {said.map((line) => (
        <p key={line}>{line}</p>
      ))}
      <Run action={{ action: 'clear' }} button="End all faults" />
    </section>
  );
}

function inWords({ abort, delay }: Fault): string {
  const parts = [
    abort === undefined ? [] : [`${String(abort.percent)} % of requests get ${String(abort.status)}`],
    delay === undefined ? [] : [`${String(delay.percent)} % of requests wait ${milliseconds(delay.milliseconds)}`],
  ];
  return parts.flat().join(', ');
}

const KINDS = [
  ['abort', 'answer with an error'],
  ['delay', 'answer late'],
  ['kill', 'kill -9 a task’s application'],
  ['lose-zone', 'cut an Availability Zone off'],
] as const;
type Kind = (typeof KINDS)[number][0];

export function BreakForms({ region, of }: { region: Region; of?: string }): JSX.Element {
  const services = region.services.map(({ id }) => id);
  const [kind, setKind] = useState<Kind>('abort');
  const [picked, setPicked] = useState<string>();
  const [status, setStatus] = useState(503);
  const [delayMs, setDelay] = useState(2000);
  const [percent, setPercent] = useState(100);
  const [zone, setZone] = useState<string>();
  const service = of ?? picked ?? services[0];
  const lost = zone ?? region.zones[0];
  const kinds = KINDS.filter(([one]) => of === undefined || one !== 'lose-zone');
  return (
    <Run action={actionOf(kind, service, lost, { status, delayMs, percent })} button="Break it">
      {of === undefined && kind !== 'lose-zone' && (
        <Choice label="Service" value={service ?? ''} options={choices(services)} onChange={setPicked} />
      )}
      <Choice
        label="What goes wrong"
        value={kind}
        options={kinds}
        onChange={(value) => {
          setKind(KINDS.find(([one]) => one === value)?.[0] ?? 'abort');
        }}
      />
      {kind === 'abort' && <Amount label="Status" min={200} max={599} value={status} onChange={setStatus} />}
      {kind === 'delay' && <Amount label="Delay" unit="ms" min={1} max={60_000} value={delayMs} onChange={setDelay} />}
      {(kind === 'abort' || kind === 'delay') && (
        <Amount label="Share of requests" unit="%" min={1} max={100} value={percent} onChange={setPercent} />
      )}
      {kind === 'lose-zone' && (
        <Choice label="Zone" value={lost ?? ''} options={choices(region.zones)} onChange={setZone} />
      )}
    </Run>
  );
}

function actionOf(
  kind: Kind,
  service: string | undefined,
  zone: string | undefined,
  { status, delayMs, percent }: { status: number; delayMs: number; percent: number },
): ActionInput | undefined {
  if (kind === 'lose-zone') return zone === undefined ? undefined : { action: 'lose-zone', zone };
  if (service === undefined) return undefined;
  if (kind === 'kill') return { action: 'kill', service };
  return kind === 'abort'
    ? { action: 'fault', service, abortStatus: status, percent }
    : { action: 'fault', service, delayMs, percent };
}
