/** Incoming and outgoing traffic, per caller and per target, as the console of Service Connect shows it. */
import { MoveRight } from 'lucide';
import type { JSX } from 'preact';
import { nodeName, viaOf } from '../../words.ts';
import type { Edge, Region, Service } from '../../protocol.ts';
import { count, milliseconds, rate, share } from '../format.ts';
import { EdgeCharts } from '../parts/edge-charts.tsx';
import { Facts } from '../parts/facts.tsx';
import { Icon } from '../parts/icon.tsx';
import { href } from '../state/route.ts';

export function TrafficTab({ service, region }: { service: Service; region: Region }): JSX.Element {
  const outgoing = region.edges.filter(({ from }) => from === service.id);
  const incoming = region.edges.filter(({ to }) => to === service.id);
  return (
    <div class="stack">
      <Side title="Incoming traffic" none="Nothing may call this service." edges={incoming} region={region} />
      <Side title="Outgoing traffic" none="This service calls nothing." edges={outgoing} region={region} />
    </div>
  );
}

function Side(props: { title: string; none: string; edges: readonly Edge[]; region: Region }): JSX.Element {
  return (
    <section class="stack">
      <h2>{props.title}</h2>
      {props.edges.length === 0 && <p class="muted">{props.none}</p>}
      {props.edges.map((edge) => (
        <EdgeSection key={edge.id} edge={edge} region={props.region} />
      ))}
    </section>
  );
}

function EdgeSection({ edge, region }: { edge: Edge; region: Region }): JSX.Element {
  const { id, from, to, now, protocol, tls } = edge;
  return (
    <article class="card edge-section">
      <div class="edge-section-head">
        <h3>
          <a href={href('map', id)}>
            {nodeName(from, region)} <Icon of={MoveRight} size={14} /> {nodeName(to, region)}
            {viaOf(edge)}
          </a>
        </h3>
        <span class="badge">{tls ? `${protocol} over TLS` : protocol}</span>
      </div>
      <Facts
        of={[
          ['Requests', rate(now.requestsPerSecond)],
          ['Errors (5xx)', <span class={now.errorShare > 0 ? 'said-bad' : ''}>{share(now.errorShare)}</span>],
          ['p50', milliseconds(now.p50Ms)],
          ['p99', milliseconds(now.p99Ms)],
          ['Open connections', count(now.activeConnections)],
          ['Retries', rate(now.retriesPerSecond)],
          ['Ejected hosts', count(now.ejectedHosts)],
        ]}
      />
      <EdgeCharts edge={id} />
    </article>
  );
}
