/** What containers print. */
import { ScrollText } from 'lucide';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { ContainerLogLine, Region } from '../../protocol.ts';
import { clock } from '../format.ts';
import { State } from '../parts/state.tsx';
import { Choice, Text } from '../play/form.tsx';
import { FilterBar, filtered, servicesFor } from './filters.tsx';
import { useLines } from './use-lines.ts';

export function ContainerLog({ region }: { region: Region }): JSX.Element {
  const [filters, setFilters] = useState({ service: '', container: '', text: '' });
  const [paused, setPaused] = useState(false);
  const now = useLines<ContainerLogLine>(filtered('/api/logs/containers', filters), paused);
  const shown = region.services.filter(({ id }) => filters.service === '' || id === filters.service);
  const containers = [...new Set(shown.flatMap((service) => service.containers))];
  return (
    <div class="stack">
      <FilterBar paused={paused} onPause={setPaused} now={now}>
        <Choice
          label="Service"
          value={filters.service}
          options={servicesFor(region.services.map(({ id }) => id))}
          onChange={(service) => {
            setFilters({ ...filters, service, container: '' });
          }}
        />
        <Choice
          label="Container"
          value={filters.container}
          options={[['', 'all containers'], ...containers.map((name) => [name, name] as const)]}
          onChange={(container) => {
            setFilters({ ...filters, container });
          }}
        />
        <Text
          label="Text"
          value={filters.text}
          onChange={(text) => {
            setFilters({ ...filters, text });
          }}
        />
      </FilterBar>
      {now.lines.length === 0 ? (
        <State icon={ScrollText} title="No line yet">
          Nothing was printed that these filters let through.
        </State>
      ) : (
        <ContainerLines lines={now.lines} />
      )}
    </div>
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
