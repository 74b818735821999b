/** What the proxies wrote as it comes, with filters. */
import type { JSX } from 'preact';
import type { AccessLogLine, Region } from '../../protocol.ts';
import { href } from '../state/route.ts';
import { AccessTable } from './access-table.tsx';
import { LiveLog, type Filter } from './live-log.tsx';

const FILTERS: readonly Filter[] = [
  {
    name: 'direction',
    label: 'Side',
    options: [
      ['', 'both sides'],
      ['egress', 'calls that leave'],
      ['ingress', 'calls that come in'],
    ],
  },
  {
    name: 'status',
    label: 'Status',
    options: [
      ['', 'any status'],
      ['2', '2xx'],
      ['3', '3xx'],
      ['4', '4xx'],
      ['5', '5xx'],
      ['0', 'no answer'],
    ],
  },
  {
    name: 'minMs',
    label: 'Took',
    options: [
      ['', 'any time'],
      ['10', '10 ms or more'],
      ['100', '100 ms or more'],
      ['1000', '1 s or more'],
    ],
  },
];

export function AccessLog({ region }: { region: Region }): JSX.Element {
  const connected = region.services.filter(({ serviceConnect }) => serviceConnect !== undefined);
  const off = connected.filter(({ serviceConnect }) => serviceConnect?.accessLog === undefined).map(({ id }) => id);
  const hint = (
    <>
      {off.length > 0 && (
        <p>
          The access log of {off.join(', ')} is off: their Service Connect configuration has no{' '}
          <code>AccessLogConfiguration</code>.
        </p>
      )}
      {off.length < connected.length && (
        <p>
          Lines come as requests do. <a href={href('map')}>Send one from the map</a>, or take a filter away.
        </p>
      )}
    </>
  );
  return (
    <LiveLog<AccessLogLine> path="/api/logs/access" region={region} filters={FILTERS} hint={hint}>
      {(lines) => <AccessTable lines={lines} />}
    </LiveLog>
  );
}
