/** Everything that one can do to the mesh, beside the map where one sees what it does. */
import type { ComponentChildren, JSX } from 'preact';
import type { Region } from '../../protocol.ts';
import { token } from '../state/api.ts';
import { BreakForms, CurrentFaults } from './faults.tsx';
import { ScaleForm, StopTaskForm, RedeployForm } from './service-actions.tsx';
import { LoadForm, RequestForm } from './traffic.tsx';

export function PlayPanel({ region }: { region: Region }): JSX.Element {
  return (
    <div class="panel play">
      <div>
        <h2>Play</h2>
        <p class="small muted">Do something to the mesh and watch the map. Each button is also a command.</p>
      </div>
      {token.value === undefined && (
        <div class="notice">
          <p>
            This page can look but not change anything: open the address that <code>npm run highlands -- console</code>{' '}
            prints, it carries the key.
          </p>
        </div>
      )}
      <CurrentFaults region={region} />
      <Group title="Send traffic" open>
        <RequestForm region={region} />
        <LoadForm region={region} />
      </Group>
      <Group title="Break something">
        <BreakForms region={region} />
      </Group>
      <Group title="Scale and deploy">
        <ScaleForm region={region} />
        <StopTaskForm region={region} />
        <RedeployForm region={region} />
      </Group>
    </div>
  );
}

function Group(props: { title: string; open?: boolean; children: ComponentChildren }): JSX.Element {
  return (
    <details class="group" open={props.open}>
      <summary>{props.title}</summary>
      <div class="group-body">{props.children}</div>
    </details>
  );
}
