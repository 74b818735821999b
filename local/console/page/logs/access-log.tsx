/** What the proxies wrote as it comes, with filters. */
import { ScrollText } from 'lucide';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { AccessLogLine, Region } from '../../protocol.ts';
import { State } from '../parts/state.tsx';
import { Choice, Text } from '../play/form.tsx';
import { href } from '../state/route.ts';
import { AccessTable } from './access-table.tsx';
import { FilterBar, filtered, servicesFor } from './filters.tsx';
import { useLines } from './use-lines.ts';

const DIRECTIONS = [
  ['', 'both sides'],
  ['egress', 'calls that leave'],
  ['ingress', 'calls that come in'],
] as const;
const STATUSES = [
  ['', 'any status'],
  ['2', '2xx'],
  ['3', '3xx'],
  ['4', '4xx'],
  ['5', '5xx'],
  ['0', 'no answer'],
] as const;
const TIMES = [
  ['', 'any time'],
  ['10', '10 ms or more'],
  ['100', '100 ms or more'],
  ['1000', '1 s or more'],
] as const;

export function AccessLog({ region }: { region: Region }): JSX.Element {
  const [filters, setFilters] = useState({ service: '', direction: '', status: '', minMs: '', text: '' });
  const [paused, setPaused] = useState(false);
  const now = useLines<AccessLogLine>(filtered('/api/logs/access', filters), paused);
  const set = (name: keyof typeof filters) => (value: string) => {
    setFilters({ ...filters, [name]: value });
  };
  return (
    <div class="stack">
      <FilterBar paused={paused} onPause={setPaused} now={now}>
        <Choice
          label="Service"
          value={filters.service}
          options={servicesFor(region.services.map(({ id }) => id))}
          onChange={set('service')}
        />
        <Choice label="Side" value={filters.direction} options={DIRECTIONS} onChange={set('direction')} />
        <Choice label="Status" value={filters.status} options={STATUSES} onChange={set('status')} />
        <Choice label="Took" value={filters.minMs} options={TIMES} onChange={set('minMs')} />
        <Text label="Text" value={filters.text} onChange={set('text')} />
      </FilterBar>
      {now.lines.length === 0 ? (
        <State icon={ScrollText} title="No line yet">
          Lines come as requests do. <a href={href('map')}>Send one from the map</a>, or take a filter away.
        </State>
      ) : (
        <AccessTable lines={now.lines} />
      )}
    </div>
  );
}
