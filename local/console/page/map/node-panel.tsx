/** The picked service or load balancer in short. */
import { ArrowRight } from 'lucide';
import type { JSX } from 'preact';
import { nodeName, viaOf } from '../../words.ts';
import type { Edge, LoadBalancer, Region, Service } from '../../protocol.ts';
import { milliseconds, rate, share } from '../format.ts';
import { Facts } from '../parts/facts.tsx';
import { Icon } from '../parts/icon.tsx';
import { CurrentFaults } from '../play/faults.tsx';
import { ServiceActions } from '../play/service-actions.tsx';
import { href } from '../state/route.ts';
import { PanelHead } from './edge-panel.tsx';
import { taskLook, taskSays } from './model.ts';

export function ServicePanel({ service, region }: { service: Service; region: Region }): JSX.Element {
  const inbound = region.inbound[service.id];
  const tasks = region.tasks.filter((task) => task.service === service.id);
  return (
    <div class="panel">
      <PanelHead>{service.id}</PanelHead>
      <CurrentFaults region={region} />
      <a class="button" href={href('services', service.id)}>
        Traffic, tasks and configuration <Icon of={ArrowRight} />
      </a>
      {inbound !== undefined && (
        <Facts
          of={[
            ['Incoming', rate(inbound.requestsPerSecond)],
            ['Errors (5xx)', share(inbound.errorShare)],
            ['p50', milliseconds(inbound.p50Ms)],
            ['p99', milliseconds(inbound.p99Ms)],
          ]}
        />
      )}
      <EdgeList
        title="Called by"
        edges={region.edges.filter(({ to }) => to === service.id)}
        name={(edge) => `${nodeName(edge.from, region)}${viaOf(edge)}`}
      />
      <EdgeList
        title="Calls"
        edges={region.edges.filter(({ from }) => from === service.id)}
        name={(edge) => `${nodeName(edge.to, region)}${viaOf(edge)}`}
      />
      <section>
        <h3>Tasks</h3>
        <ul class="rows">
          {tasks.map((task) => (
            <li key={task.id}>
              <span class={`dot ${taskLook(task)}`} />
              <span class="mono">{task.id.slice(0, 8)}</span>
              <span class="muted small">{task.zone}</span>
              <span class="small end">{taskSays(task)}</span>
            </li>
          ))}
        </ul>
      </section>
      <ServiceActions service={service} region={region} />
    </div>
  );
}

function EdgeList(props: { title: string; edges: readonly Edge[]; name: (edge: Edge) => string }): JSX.Element | null {
  if (props.edges.length === 0) return null;
  return (
    <section>
      <h3>{props.title}</h3>
      <ul class="rows">
        {props.edges.map((edge) => (
          <li key={edge.id}>
            <a href={href('map', edge.id)}>{props.name(edge)}</a>
            <span class="small muted end number">
              {rate(edge.now.requestsPerSecond)} · p99 {milliseconds(edge.now.p99Ms)}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

export function LoadBalancerPanel({ balancer }: { balancer: LoadBalancer }): JSX.Element {
  return (
    <div class="panel">
      <PanelHead>Load balancer</PanelHead>
      <p class="small mono">{balancer.name}</p>
      {balancer.url !== undefined && (
        <p class="small">
          Reached from this machine at <a href={balancer.url}>{balancer.url}</a>
        </p>
      )}
      {balancer.listeners.map(({ port, rules }) => (
        <section key={port}>
          <h3>Listener on port {port}</h3>
          <ul class="rows">
            {rules.map((rule) => (
              <li key={rule.arn}>
                <span class="small">{rule.conditions.length === 0 ? 'otherwise' : rule.conditions.join(' and ')}</span>
                <span class="small muted end">{rule.action}</span>
              </li>
            ))}
          </ul>
        </section>
      ))}
      {balancer.targetGroups.map(({ arn, name, service, targets }) => (
        <section key={arn}>
          <h3>Targets of {service ?? name}</h3>
          <ul class="rows">
            {targets.map(({ address, port, zone, state, reason }) => (
              <li key={`${address}:${port}`}>
                <span class="mono">
                  {address}:{port}
                </span>
                <span class="muted small">{zone}</span>
                <span class="end small">{reason ?? state}</span>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}
