/** What goes over the picked edge, or why nothing may. */
import { ArrowRight, X } from 'lucide';
import type { JSX } from 'preact';
import { nodeName } from '../../words.ts';
import type { DeniedEdge, Edge, Region } from '../../protocol.ts';
import { age, bytes, count, milliseconds, rate, share } from '../format.ts';
import { EdgeCharts } from '../parts/edge-charts.tsx';
import { Facts } from '../parts/facts.tsx';
import { Icon } from '../parts/icon.tsx';
import { href } from '../state/route.ts';
import type { MapEdge } from './model.ts';

export function EdgePanel({
  edge: { id, from, to, via, denied },
  region,
}: {
  edge: MapEdge;
  region: Region;
}): JSX.Element {
  const edge = region.edges.find((one) => one.id === id);
  return (
    <div class="panel">
      <PanelHead>
        {nodeName(from, region)} <Icon of={ArrowRight} /> {nodeName(to, region)}
        {via}
      </PanelHead>
      {denied.map((one) => (
        <Denied key={one.id} denied={one} />
      ))}
      {edge !== undefined && <Traffic edge={edge} />}
    </div>
  );
}

export function PanelHead({ children }: { children: preact.ComponentChildren }): JSX.Element {
  return (
    <div class="panel-head">
      <h2>{children}</h2>
      <a class="button close" href={href('map')} aria-label="Close">
        <Icon of={X} />
      </a>
    </div>
  );
}

function Denied({ denied }: { denied: DeniedEdge }): JSX.Element {
  const { fromAddress, toAddress, port, protocol, missing, securityGroupIds, packets, lastAt } = denied;
  return (
    <section class="notice bad">
      <h3>
        {protocol.toUpperCase()} port {port} is not allowed
      </h3>
      <p>
        {fromAddress} tried {toAddress}; {missing === 'ingress' ? 'the called service' : 'the caller'} has no {missing}{' '}
        rule for it. Security group{securityGroupIds.length === 1 ? '' : 's'}{' '}
        <span class="mono">{securityGroupIds.join(', ')}</span> would have to allow it.
      </p>
      <p class="small">
        {count(packets)} packets dropped, the last {age(lastAt)} ago
      </p>
    </section>
  );
}

function Traffic({ edge: { now, via, kind, protocol, tls, allowed, lastCallAt, id } }: { edge: Edge }): JSX.Element {
  return (
    <>
      <Facts
        of={[
          ['Requests', rate(now.requestsPerSecond)],
          [
            protocol === 'grpc' ? 'Errors (grpc-status)' : 'Errors (5xx)',
            <span class={now.errorShare > 0 ? 'said-bad' : ''}>{share(now.errorShare)}</span>,
          ],
          ['p50', milliseconds(now.p50Ms)],
          ['p99', milliseconds(now.p99Ms)],
          ['Retries', rate(now.retriesPerSecond)],
          ['Timeouts', rate(now.timeoutsPerSecond)],
          ['Open connections', count(now.activeConnections)],
          ['Ejected hosts', count(now.ejectedHosts)],
          ['Bytes', `${bytes(now.bytesPerSecond)}/s`],
          ['TLS errors', rate(now.tlsErrorsPerSecond)],
        ]}
      />
      <EdgeCharts edge={id} only={2} />
      <Facts
        of={[
          [kind === 'target-group' ? 'Target group' : 'Discovery name', <span class="mono">{via}</span>],
          ['Protocol', protocol],
          ['TLS', tls ? 'yes, and nothing else is taken' : 'no'],
          ['Security groups', allowed ? 'allow it' : 'do not allow it'],
          ['Last call', lastCallAt === undefined ? 'not in the last minutes' : `${age(lastCallAt)} ago`],
        ]}
      />
    </>
  );
}
