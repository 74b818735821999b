/** What containers print. */
import type { JSX } from 'preact';
import type { ContainerLogLine, Region } from '../../protocol.ts';
import { clock } from '../format.ts';
import { choices } from '../play/form.tsx';
import { LiveLog } from './live-log.tsx';

export function ContainerLog({ region }: { region: Region }): JSX.Element {
  const names = [...new Set(region.services.flatMap(({ containers }) => containers))];
  const container = {
    name: 'container',
    label: 'Container',
    options: [['', 'all containers'], ...choices(names)],
  } as const;
  const hint = 'Nothing was printed that these filters let through.';
  return (
    <LiveLog<ContainerLogLine> path="/api/logs/containers" region={region} filters={[container]} hint={hint}>
      {(lines) => <ContainerLines lines={lines} />}
    </LiveLog>
  );
}

export function ContainerLines({ lines }: { lines: readonly ContainerLogLine[] }): JSX.Element {
  return (
    <ul class="card container-log">
      {lines.map(({ id, at, service, container, taskId, text }) => (
        <li key={id}>
          <span class="mono muted">{at === undefined ? '' : clock(at)}</span>
          <span class="source">
            {service} <span class="muted">{container}</span> <span class="mono muted">{taskId.slice(0, 6)}</span>
          </span>
          <code>{text}</code>
        </li>
      ))}
    </ul>
  );
}
