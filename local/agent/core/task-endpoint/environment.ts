/**
 * The variables that Fargate 1.4 gives every container:
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-metadata-endpoint-v4-fargate.html,
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html
 */
import { API_ENDPOINT } from '../network/api-way.ts';
import type { TaskPlan } from '../task-plan.ts';
import { containerId, credentialsId, TASK_ENDPOINT } from './ids.ts';

type Of = Pick<TaskPlan, 'id' | 'taskDefinition'>;

/** @param name of the container */
export function taskEnvironment(plan: Of, name: string, region: string): Readonly<Record<string, string>> {
  const { taskRoleArn } = plan.taskDefinition;
  const at = (version: string): string => `http://${TASK_ENDPOINT.host}/${version}/${containerId(plan, name)}`;
  return {
    AWS_EXECUTION_ENV: 'AWS_ECS_FARGATE',
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    // AWS gives none: an SDK knows its public endpoints. https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
    AWS_ENDPOINT_URL: `http://${API_ENDPOINT.host}:${String(API_ENDPOINT.port)}`,
    ECS_CONTAINER_METADATA_URI: at('v3'),
    ECS_CONTAINER_METADATA_URI_V4: at('v4'),
    ...(taskRoleArn === undefined
      ? {}
      : { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: `/v2/credentials/${credentialsId(plan)}` }),
  };
}
