/**
 * What ECS refuses of task definitions as a whole, beside names, sizes and ports.
 * The sentences are those of rules/ecs of https://github.com/badmintoncryer/cdk-preflight, which tries them on AWS, as in the control
 * plane's container_logs.py.
 */
import { listOf, membersOf, namedElements, type Members } from './given.ts';
import { says, type Refusal } from './refusal.ts';

const CODE = 'ClientException';

function logRefusals({ ContainerDefinitions, RequiresCompatibilities }: Members): Refusal[] {
  const all = namedElements('ContainerDefinitions', ContainerDefinitions);
  const isRouted = all.some(([, { FirelensConfiguration }]) => FirelensConfiguration !== undefined);
  return all.flatMap(([path, { LogConfiguration }]) => {
    const { LogDriver, Options } = membersOf(LogConfiguration);
    const options = membersOf(Options);
    if (LogDriver === 'awsfirelens' && !isRouted)
      return [
        says(
          `${path}.LogConfiguration`,
          CODE,
          'When awsfirelens log driver is specified in log configuration, a firelens configuration object must be configured in one of the containers.',
        ),
      ];
    const isFargate = listOf(RequiresCompatibilities).includes('FARGATE');
    return isFargate && LogDriver === 'awslogs' && 'awslogs-group' in options && !('awslogs-stream-prefix' in options)
      ? [
          says(
            `${path}.LogConfiguration.Options`,
            CODE,
            'Fargate requires log configuration options to include awslogs-stream-prefix to support log driver awslogs.',
          ),
        ]
      : [];
  });
}

export function wholeTaskRefusals(properties: Members): Refusal[] {
  return [
    ...logRefusals(properties),
    ...(listOf(properties['InferenceAccelerators']).length === 0
      ? []
      : [says('InferenceAccelerators', CODE, "Unsupported field 'inferenceAccelerators'.")]),
  ];
}
