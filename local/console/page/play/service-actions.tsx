/** What one can do to a service: scale it, stop a task, roll it out again. */
import { useState } from 'preact/hooks';
import { RotateCw } from 'lucide';
import type { JSX } from 'preact';
import type { Region, Service } from '../../protocol.ts';
import { MOST_TASKS } from '../../protocol/limits.ts';
import { BreakForms } from './faults.tsx';
import { Amount, Choice, choices } from './form.tsx';
import { Run } from './run.tsx';

interface Props {
  readonly region: Region;
  /** Fixed where the page is about one service. */
  readonly of?: Service;
}

/** The service that the form is about, and its choice where it is not fixed. */
function usePicked({ region, of }: Props): { service: Service | undefined; choice: JSX.Element | undefined } {
  const [picked, setPicked] = useState<string>();
  const service = of ?? region.services.find(({ id }) => id === picked) ?? region.services[0];
  if (of !== undefined) return { service, choice: undefined };
  const options = choices(region.services.map(({ id }) => id));
  return {
    service,
    choice: <Choice label="Service" value={service?.id ?? ''} options={options} onChange={setPicked} />,
  };
}

export function ScaleForm(props: Props): JSX.Element {
  const { service, choice } = usePicked(props);
  const [wanted, setWanted] = useState<number>();
  const count = wanted ?? (service?.desired ?? 0) + 1;
  return (
    <Run action={service && { action: 'scale', service: service.id, count }} button="Scale">
      {choice}
      <Amount label="Tasks wanted" min={0} max={MOST_TASKS} value={count} onChange={setWanted} />
    </Run>
  );
}

export function StopTaskForm({ region, of }: Props): JSX.Element {
  const tasks = region.tasks.filter(({ service, wanted }) => wanted && (of === undefined || service === of.id));
  const [picked, setPicked] = useState<string>();
  const task = tasks.find(({ id }) => id === picked) ?? tasks[0];
  const options = tasks.map(({ id, service, zone }) => [id, `${service} · ${id.slice(0, 8)} · ${zone}`] as const);
  return (
    <Run action={task && { action: 'stop-task', task: task.id }} button="Stop the task">
      <Choice label="Task" value={task?.id ?? ''} options={options} onChange={setPicked} />
    </Run>
  );
}

export function RedeployForm(props: Props): JSX.Element {
  const { service, choice } = usePicked(props);
  const action = service && { action: 'redeploy' as const, service: service.id };
  return (
    <Run action={action} icon={RotateCw} button="Start a deployment">
      {choice}
    </Run>
  );
}

/** All of it for one service. */
export function ServiceActions(props: { service: Service; region: Region; open?: boolean }): JSX.Element {
  const { service, region } = props;
  return (
    <details class="group" open={props.open}>
      <summary>Scale, break, deploy</summary>
      <div class="group-body">
        <ScaleForm region={region} of={service} />
        <BreakForms region={region} of={service.id} />
        <StopTaskForm region={region} of={service} />
        <RedeployForm region={region} of={service} />
      </div>
    </details>
  );
}
