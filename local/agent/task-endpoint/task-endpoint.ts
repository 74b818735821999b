/**
 * What answers a task at 169.254.170.2: its metadata, its stats, and the credentials of its role. Each VPC's router listens
 * there; who asks is known by the address, which no task can make up: the router takes packets only from where their sender is.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { oneLine } from '../../region/one-line.ts';
import { askedFor, type AskedFor } from '../core/task-endpoint/asked-for.ts';
import { credentialsId, containerId, TASK_ENDPOINT } from '../core/task-endpoint/ids.ts';
import { containerMetadata, taskMetadata } from '../core/task-endpoint/metadata.ts';
import type { Task } from '../runtime/task.ts';
import { onRouters } from './on-routers.ts';
import type { RoleCredentialsSource } from './role-credentials.ts';
import type { TaskLook } from './seen-task.ts';
import type { TaskStats } from './task-stats.ts';

export interface TaskEndpointParts {
  readonly tasks: ReadonlyMap<string, Task>;
  readonly look: Pick<TaskLook, 'at'>;
  readonly stats: Pick<TaskStats, 'of'>;
  readonly credentials: Pick<RoleCredentialsSource, 'of'>;
  readonly log: (message: string) => void;
}

/** As JSON. */
interface Answer {
  readonly status: number;
  readonly body: unknown;
}

const ok = (body: unknown): Answer => ({ status: 200, body });

/** In the words of the ECS agent: https://github.com/aws/amazon-ecs-agent, ecs-agent/tmds/handlers */
const NO_CREDENTIALS = 'CredentialsV2Request: Credentials not found';

export class TaskEndpoint {
  readonly #parts: TaskEndpointParts;
  /** Resolves when the tasks of this VPC are answered. */
  readonly open = onRouters(TASK_ENDPOINT, (vpcId) => this.#server(vpcId));

  constructor(parts: TaskEndpointParts) {
    this.#parts = parts;
  }

  #server(vpcId: string): Server {
    return createServer((request, response) => {
      this.#answer(vpcId, request).then(
        (answer) => {
          send(response, answer);
        },
        (error: unknown) => {
          this.#parts.log(`the endpoint of a task failed at ${request.url ?? ''}: ${oneLine(error)}`);
          send(response, { status: 500, body: oneLine(error) });
        },
      );
    });
  }

  async #answer(vpcId: string, { method, url = '', socket }: IncomingMessage): Promise<Answer> {
    const task = [...this.#parts.tasks.values()].find(
      ({ plan }) => plan.address === socket.remoteAddress && plan.subnet.vpcId === vpcId,
    );
    const asked = askedFor(url);
    if (task === undefined || asked === undefined || method !== 'GET')
      return { status: 404, body: '404 page not found' };
    return asked.kind === 'credentials' ? this.#credentials(task, asked.credentialsId) : this.#metadata(task, asked);
  }

  async #credentials({ plan }: Task, id: string): Promise<Answer> {
    const { taskRoleArn } = plan.taskDefinition;
    if (taskRoleArn === undefined || id !== credentialsId(plan))
      return { status: 400, body: { code: 'InvalidIdInRequest', message: NO_CREDENTIALS, HTTPErrorCode: 400 } };
    try {
      return ok(await this.#parts.credentials.of(plan, taskRoleArn));
    } catch (error) {
      const message = `CredentialsV2Request: ECS was unable to assume the role '${taskRoleArn}': ${oneLine(error)}`;
      return { status: 503, body: { code: 'CredentialsUninitialized', message, HTTPErrorCode: 503 } };
    }
  }

  async #metadata(task: Task, { kind, containerId: id }: Exclude<AskedFor, { kind: 'credentials' }>): Promise<Answer> {
    const { plan } = task;
    const definition = plan.taskDefinition.containers.find(({ name }) => containerId(plan, name) === id);
    if (definition === undefined)
      return { status: 404, body: `unable to get container ID from request: no ${id} here` };
    if (kind === 'stats') return ok(await this.#parts.stats.of(task, definition.name));
    if (kind === 'taskStats') return ok(await this.#statsOfAll(task));
    const seen = await this.#parts.look.at(task);
    return ok(kind === 'task' ? taskMetadata(seen) : containerMetadata(seen, definition));
  }

  async #statsOfAll(task: Task): Promise<Record<string, unknown>> {
    const rows = task.plan.taskDefinition.containers.map(
      async ({ name }) => [containerId(task.plan, name), await this.#parts.stats.of(task, name)] as const,
    );
    return Object.fromEntries(await Promise.all(rows));
  }
}

function send(response: ServerResponse, { status, body }: Answer): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
