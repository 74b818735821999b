/** One service: its traffic, its tasks, what is deployed, and the proxy made from it. */
import { ArrowLeft, SearchX } from 'lucide';
import type { JSX } from 'preact';
import type { Region, Service } from '../../protocol.ts';
import { Icon } from '../parts/icon.tsx';
import { Problems } from '../parts/problems.tsx';
import { State } from '../parts/state.tsx';
import { Tabs } from '../parts/tabs.tsx';
import { CurrentFaults } from '../play/faults.tsx';
import { ServiceActions } from '../play/service-actions.tsx';
import { href, route } from '../state/route.ts';
import { Configuration } from './configuration.tsx';
import { EnvoyTab } from './envoy.tsx';
import { ServiceList } from './list.tsx';
import { Rollout } from './rollout.tsx';
import { TasksAndDeployments } from './tasks.tsx';
import { TrafficTab } from './traffic.tsx';

export function ServicesView({ region }: { region: Region }): JSX.Element {
  const { name } = route.value;
  if (name === undefined) return <ServiceList region={region} />;
  const service = region.services.find(({ id }) => id === name);
  if (service !== undefined) return <ServicePage key={name} service={service} region={region} />;
  return (
    <State icon={SearchX} title={`No service ${name} in this region`}>
      <a href={href('services')}>All services</a>
    </State>
  );
}

function ServicePage({ service, region }: { service: Service; region: Region }): JSX.Element {
  const [deployment] = service.deployments;
  return (
    <div class="content">
      <header class="page-head">
        <a class="back small" href={href('services')}>
          <Icon of={ArrowLeft} size={14} /> Services
        </a>
        <h1>{service.id}</h1>
        {deployment !== undefined && <Rollout deployment={deployment} />}
        <span class="badge">
          {service.running} of {service.desired} tasks
        </span>
        <span class="muted small">
          {service.aliases.map(({ dnsName, port }) => `${dnsName}:${String(port)}`).join(', ')}
        </span>
      </header>
      <Problems problems={region.problems.filter((problem) => problem.service === service.id)} />
      <Tabs
        label={service.id}
        tabs={[
          { title: 'Traffic', content: () => <TrafficTab service={service} region={region} /> },
          { title: 'Tasks and deployments', content: () => <TasksAndDeployments service={service} region={region} /> },
          { title: 'Configuration', content: () => <Configuration service={service} /> },
          { title: 'Envoy', content: () => <EnvoyTab service={service} /> },
          {
            title: 'Play',
            content: () => (
              <div class="narrow stack">
                <CurrentFaults region={region} />
                <ServiceActions service={service} region={region} open />
              </div>
            ),
          },
        ]}
      />
    </div>
  );
}
