/** What is deployed: containers with their image and environment, and the settings of Service Connect. */
import type { JSX } from 'preact';
import type { Container, Service, ServiceConnect } from '../../protocol.ts';
import { Facts } from '../parts/facts.tsx';

export function Configuration({ service }: { service: Service }): JSX.Element {
  const { taskDefinition, serviceConnect } = service;
  return (
    <div class="stack">
      {serviceConnect !== undefined && <ServiceConnectSection of={serviceConnect} />}
      {taskDefinition !== undefined && (
        <section class="stack">
          <h2>
            Task definition <span class="mono muted">{taskDefinition.name}</span>
          </h2>
          {taskDefinition.containers.map((container) => (
            <ContainerCard key={container.name} container={container} />
          ))}
        </section>
      )}
      <section class="card padded">
        <Facts
          of={[
            ['Task size', `${taskDefinition?.cpu ?? '–'} CPU units, ${taskDefinition?.memoryMiB ?? '–'} MiB`],
            ['Deployment strategy', service.strategy === 'ROLLING' ? 'rolling update' : 'blue/green'],
            ['Security groups', <span class="mono">{service.securityGroupIds.join(', ')}</span>],
            ['Name in ECS', <span class="mono">{service.serviceName}</span>],
          ]}
        />
      </section>
    </div>
  );
}

const timeout = (value: { value: number; isDefault: boolean } | undefined): string =>
  value === undefined
    ? 'none'
    : `${value.value === 0 ? 'off' : `${String(value.value)} s`}${value.isDefault ? ' (default)' : ''}`;

function ServiceConnectSection({ of: { namespace, services, accessLog } }: { of: ServiceConnect }): JSX.Element {
  return (
    <section class="stack">
      <h2>Service Connect</h2>
      {services.map((one) => (
        <div class="card padded" key={one.discoveryName}>
          <Facts
            of={[
              ['Discovery name', one.discoveryName],
              ['Called as', one.clientAliases.map(({ dnsName, port }) => `${dnsName}:${String(port)}`).join(', ')],
              ['Namespace', namespace],
              ['Port mapping', `${one.portName} · ${one.protocol}`],
              ['Request timeout', timeout(one.perRequestTimeoutSeconds)],
              ['Idle timeout', timeout(one.idleTimeoutSeconds)],
              ['TLS', one.tls ? 'on' : 'off'],
              [
                'Access log',
                accessLog === undefined
                  ? 'off'
                  : `${accessLog.format}, query ${accessLog.includeQueryParameters ? 'included' : 'left out'}`,
              ],
            ]}
          />
        </div>
      ))}
      {services.length === 0 && <p class="muted">It calls others in {namespace}; nobody can call it.</p>}
    </section>
  );
}

function ContainerCard({ container }: { container: Container }): JSX.Element {
  const { name, image, imageDigest, environment, secrets, ports } = container;
  return (
    <div class="card padded stack">
      <Facts
        of={[
          ['Container', name],
          [
            'Ports',
            ports.map(({ containerPort, name: port }) => `${port ?? ''} ${String(containerPort)}`).join(', ') || '–',
          ],
        ]}
      />
      <div>
        <h3>Image</h3>
        <p class="mono break">{imageDigest === undefined ? image : image.replace(`@${imageDigest}`, '')}</p>
        {imageDigest !== undefined && <p class="mono break muted">{imageDigest}</p>}
      </div>
      <div>
        <h3>Environment</h3>
        <ul class="rows environment">
          {environment.map((variable) => (
            <li key={variable.name}>
              <code>{variable.name}</code>
              <code class={`break ${variable.masked ? 'muted' : ''}`}>{variable.value}</code>
            </li>
          ))}
          {secrets.map((secret) => (
            <li key={secret.name}>
              <code>{secret.name}</code>
              <code class="muted break">{secret.valueFrom}</code>
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}
