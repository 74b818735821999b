/** The views, by route. */
import { Unplug } from 'lucide';
import type { JSX } from 'preact';
import type { Region } from '../protocol.ts';
import { LogsView } from './logs/view.tsx';
import { MapView } from './map/view.tsx';
import { State } from './parts/state.tsx';
import { ServicesView } from './service/view.tsx';
import { Shell } from './shell.tsx';
import { connection, region } from './state/live.ts';
import { route } from './state/route.ts';
import { TracesView } from './traces/view.tsx';

export function App(): JSX.Element {
  const { value } = region;
  return <Shell>{value === undefined ? <Waiting /> : <View region={value} />}</Shell>;
}

function View({ region: now }: { region: Region }): JSX.Element {
  switch (route.value.view) {
    case 'services':
      return <ServicesView region={now} />;
    case 'logs':
      return <LogsView region={now} />;
    case 'traces':
      return <TracesView />;
    case 'map':
      return <MapView region={now} />;
  }
}

function Waiting(): JSX.Element {
  return (
    <State
      icon={Unplug}
      title={connection.value === 'lost' ? 'The region does not answer' : 'Looking at the region'}
      busy
    >
      {connection.value === 'lost' && (
        <>
          Start it with <code>npm start</code>; this page connects by itself.
        </>
      )}
    </State>
  );
}
