/** Tasks and deployments of a service, and what ECS said last. */
import type { JSX } from 'preact';
import type { Deployment, Region, Service, Task } from '../../protocol.ts';
import { age, clock, count, shortName } from '../format.ts';
import { taskLook, taskSays } from '../map/model.ts';
import { Table } from '../parts/table.tsx';
import { Rollout } from './rollout.tsx';

export function TasksAndDeployments({ service, region }: { service: Service; region: Region }): JSX.Element {
  const tasks = region.tasks.filter((task) => task.service === service.id);
  return (
    <div class="stack">
      <section class="stack">
        <h2>Tasks</h2>
        <Table label="Tasks" head={['Task', 'State', 'Zone', 'Address', 'Deployment', 'CPU', 'Memory', 'Age']}>
          {tasks.map((task) => (
            <TaskRow key={task.id} task={task} />
          ))}
        </Table>
      </section>
      <section class="stack">
        <h2>Deployments</h2>
        <Table
          label="Deployments"
          head={['Deployment', 'Rollout', 'Task definition', 'Running', 'Failed', 'Age', 'What ECS says']}
        >
          {service.deployments.map((deployment) => (
            <DeploymentRow key={deployment.id} deployment={deployment} />
          ))}
        </Table>
      </section>
      <section class="stack">
        <h2>Events</h2>
        <ul class="rows card padded">
          {service.events.slice(0, SHOWN_EVENTS).map(({ at, message }) => (
            <li key={`${String(at)} ${message}`}>
              <time class="muted small number">{clock(at)}</time>
              <span>{message}</span>
            </li>
          ))}
        </ul>
      </section>
    </div>
  );
}

/** ECS keeps a hundred; the latest tell the story. */
const SHOWN_EVENTS = 12;

const percent = (value: number | undefined): string => (value === undefined ? '–' : `${value.toFixed(1)} %`);

function TaskRow({ task }: { task: Task }): JSX.Element {
  return (
    <tr data-task={task.id}>
      <td class="mono">{task.id.slice(0, 12)}</td>
      <td>
        <span class="dots">
          <span class={`dot ${taskLook(task)}`} />
          {taskSays(task)}
        </span>
        {task.stoppedReason !== undefined && <div class="muted small">{task.stoppedReason}</div>}
      </td>
      <td>{task.zone}</td>
      <td class="mono">{task.address}</td>
      <td class="mono">{shortName(task.deploymentId).slice(-6)}</td>
      <td>{percent(task.cpuPercent)}</td>
      <td>{percent(task.memoryPercent)}</td>
      <td>{age(task.createdAt)}</td>
    </tr>
  );
}

function DeploymentRow({ deployment }: { deployment: Deployment }): JSX.Element {
  const { id, status, taskDefinition, running, desired, failedTasks, createdAt, rolloutStateReason } = deployment;
  return (
    <tr>
      <td>
        <span class="mono">{shortName(id).slice(-6)}</span> <span class="muted small">{status.toLowerCase()}</span>
      </td>
      <td>
        <Rollout deployment={deployment} />
      </td>
      <td class="mono">{taskDefinition}</td>
      <td>
        {running} of {desired}
      </td>
      <td>{count(failedTasks)}</td>
      <td>{age(createdAt)}</td>
      <td class="muted">{rolloutStateReason}</td>
    </tr>
  );
}
