/** The map with its figures, its legend, and beside it what was picked, or how to play. */
import { Box, ShieldBan } from 'lucide';
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import type { Region } from '../../protocol.ts';
import { DENIED_NOT_COUNTED } from '../../words.ts';
import { count, milliseconds, rate, share } from '../format.ts';
import { Icon } from '../parts/icon.tsx';
import { State } from '../parts/state.tsx';
import { PlayPanel } from '../play/panel.tsx';
import { href, route } from '../state/route.ts';
import { EdgePanel } from './edge-panel.tsx';
import { ServiceMap } from './map.tsx';
import { mapModel } from './model.ts';
import { LoadBalancerPanel, ServicePanel } from './node-panel.tsx';

export function MapView({ region }: { region: Region }): JSX.Element {
  if (region.services.length === 0) return <NothingDeployed />;
  return <MapWithPanel region={region} />;
}

function NothingDeployed(): JSX.Element {
  return (
    <State icon={Box} title="Nothing is deployed yet">
      <code>npm run highlands -- deploy</code> deploys everything; the map grows as services come.
    </State>
  );
}

function MapWithPanel({ region }: { region: Region }): JSX.Element {
  const model = useMemo(() => mapModel(region), [region]);
  const selected = route.value.name;
  const select = (id: string | undefined): void => {
    location.hash = href('map', id);
  };
  const service = region.services.find(({ id }) => id === selected);
  const balancer = region.loadBalancers.find(({ id }) => id === selected);
  const edge = model.edges.find(({ id }) => id === selected);
  return (
    <div
      class="map-view"
      onKeyDown={({ key }) => {
        if (key === 'Escape') select(undefined);
      }}
    >
      <section class={`map-stage ${region.agentAnswers ? '' : 'stale'}`} aria-label="Service map">
        <h1 class="visually-hidden">Service map</h1>
        <Figures region={region} />
        <ServiceMap model={model} selected={selected} onSelect={select} />
        {!region.deniedAreCounted && <p class="notice warn map-note">On this map {DENIED_NOT_COUNTED}.</p>}
        <Legend />
      </section>
      <aside class="map-aside" aria-label={selected === undefined ? 'Play' : 'Details'}>
        {service !== undefined && <ServicePanel service={service} region={region} />}
        {balancer !== undefined && <LoadBalancerPanel balancer={balancer} />}
        {edge !== undefined && <EdgePanel edge={edge} region={region} />}
        {service === undefined && balancer === undefined && edge === undefined && <PlayPanel region={region} />}
      </aside>
    </div>
  );
}

/** The whole mesh in one line, over the calls between services. */
function Figures({ region }: { region: Region }): JSX.Element {
  const inside = region.edges.filter(({ kind }) => kind === 'service-connect').map(({ now }) => now);
  const outside = region.edges.filter(({ kind }) => kind === 'target-group').map(({ now }) => now);
  const sum = (list: readonly number[]): number => list.reduce((total, value) => total + value, 0);
  // Without a load balancer the calls begin in the mesh.
  const begun = outside.length > 0 ? outside : inside;
  const requests = sum(outside.map(({ requestsPerSecond }) => requestsPerSecond));
  const answers = sum(begun.map(({ requestsPerSecond }) => requestsPerSecond));
  const errors = sum(begun.map(({ responsesPerSecond }) => responsesPerSecond['5xx']));
  const retries = sum(inside.map(({ retriesPerSecond }) => retriesPerSecond));
  const worst = Math.max(...begun.map(({ p99Ms }) => p99Ms ?? 0));
  const running = sum(region.services.map((service) => service.running));
  const desired = sum(region.services.map((service) => service.desired));
  const errorShare = answers === 0 ? 0 : Math.min(1, errors / answers);
  return (
    <dl class="figures">
      <Figure title="From outside" value={rate(requests)} />
      <Figure title="Failed" value={share(errorShare)} bad={errorShare > 0} />
      <Figure title="p99" value={worst === 0 ? '–' : milliseconds(worst)} />
      <Figure title="Between services" value={rate(sum(inside.map(({ requestsPerSecond }) => requestsPerSecond)))} />
      <Figure title="Retries" value={rate(retries)} />
      <Figure title="Tasks" value={`${count(running)} of ${count(desired)}`} />
    </dl>
  );
}

function Figure({ title, value, bad = false }: { title: string; value: string; bad?: boolean }): JSX.Element {
  return (
    <div class="figure">
      <dt>{title}</dt>
      <dd class={bad ? 'bad' : ''}>{value}</dd>
    </div>
  );
}

const LEGEND = [
  ['ok', 'answers well'],
  ['warn', 'some errors or retries'],
  ['bad', '5 % errors or more'],
  ['denied', 'denied by a security group'],
  ['idle', 'allowed, not called'],
] as const;

function Legend(): JSX.Element {
  return (
    <ul class="legend" aria-label="Legend">
      {LEGEND.map(([state, text]) => (
        <li key={state}>
          <svg width="30" height="8" aria-hidden="true" class={`edge ${state}`}>
            <path class="edge-line" d="M2 4H28" stroke-width={state === 'idle' ? 2 : 3} />
          </svg>
          {text}
        </li>
      ))}
      <li>
        <Icon of={ShieldBan} size={13} /> something else was refused
      </li>
      <li>a thicker line carries more requests</li>
    </ul>
  );
}
