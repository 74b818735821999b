/** The logs as they come: the proxies' access log, or what containers print. */
import type { JSX } from 'preact';
import type { Region } from '../../protocol.ts';
import { Tabs } from '../parts/tabs.tsx';
import { here, route } from '../state/route.ts';
import { AccessLog } from './access-log.tsx';
import { ContainerLog } from './container-log.tsx';
import { RequestPanel } from './request.tsx';

export function LogsView({ region }: { region: Region }): JSX.Element {
  const request = route.value.query.get('request');
  return (
    <div class="content">
      <h1>Logs</h1>
      {request !== null && <RequestPanel key={request} requestId={request} back={here({ request: undefined })} />}
      <Tabs
        label="Logs"
        tabs={[
          { title: 'Access log', content: () => <AccessLog region={region} /> },
          { title: 'Containers', content: () => <ContainerLog region={region} /> },
        ]}
      />
    </div>
  );
}
