/** By which names a task and its containers are known at the task's endpoints. The next agent makes the same ones. */
import { createHash } from 'node:crypto';
import type { TaskPlan } from '../task-plan.ts';

/** Link-local, and the same in every task: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html */
export const TASK_ENDPOINT = { host: '169.254.170.2', port: 80 } as const;

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** As on Fargate, where it is the container's DockerId and runtimeId too: the task's id and a number of ten digits. */
export const containerId = ({ id }: Pick<TaskPlan, 'id'>, name: string): string =>
  `${id}-${String(digest(`${id} ${name}`).readUInt32BE(0)).padStart(10, '0')}`;

/** In the form of a UUID. It is no secret: the endpoint knows by its address who asks. */
export const credentialsId = ({ id }: Pick<TaskPlan, 'id'>): string =>
  digest(`credentials of ${id}`)
    .toString('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');
