/** All services in a table. */
import type { JSX } from 'preact';
import type { Region, Service } from '../../protocol.ts';
import { milliseconds, rate, share } from '../format.ts';
import { taskLook, taskSays } from '../map/model.ts';
import { Table } from '../parts/table.tsx';
import { href } from '../state/route.ts';
import { Rollout } from './rollout.tsx';

export function ServiceList({ region }: { region: Region }): JSX.Element {
  return (
    <div class="content">
      <h1>Services</h1>
      <Table label="Services" head={['Service', 'Called as', 'Tasks', 'Deployment', 'Incoming', 'Errors', 'p99']}>
        {region.services.map((service) => (
          <Row key={service.id} service={service} region={region} />
        ))}
      </Table>
    </div>
  );
}

function Row({ service, region }: { service: Service; region: Region }): JSX.Element {
  const inbound = region.inbound[service.id];
  const [deployment] = service.deployments;
  return (
    <tr>
      <th scope="row">
        <a href={href('services', service.id)}>{service.id}</a>
      </th>
      <td class="mono">{service.aliases.map(({ dnsName, port }) => `${dnsName}:${String(port)}`).join(', ') || '–'}</td>
      <td>
        <span class="dots">
          {region.tasks
            .filter((task) => task.service === service.id)
            .map((task) => (
              <span key={task.id} class={`dot ${taskLook(task)}`} title={`${task.zone}: ${taskSays(task)}`} />
            ))}
          {service.running} of {service.desired}
        </span>
      </td>
      <td>{deployment === undefined ? '–' : <Rollout deployment={deployment} />}</td>
      <td>{rate(inbound?.requestsPerSecond ?? 0)}</td>
      <td>{share(inbound?.errorShare ?? 0)}</td>
      <td>{milliseconds(inbound?.p99Ms)}</td>
    </tr>
  );
}
