/**
 * What ECS refuses of task definitions beside names, sizes and ports: files of variables, limits, EFS, log routing.
 * The sentences are those of rules/ecs of https://github.com/badmintoncryer/cdk-preflight, which tries them on AWS, as in the control
 * plane's container_rules.py, container_logs.py and volume_rules.py.
 */
import { listOf, membersOf, namedElements, numberIn, textIn, type Members } from './given.ts';
import { says, type Refusal } from './refusal.ts';

const CODE = 'ClientException';
/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/use-environment-file.html */
const MOST_FILES = 10;

export function containerRestRefusals(path: string, { Name, EnvironmentFiles, Ulimits }: Members): Refusal[] {
  const name = textIn(Name) ?? '';
  const limits = listOf(Ulimits).flatMap((one) => {
    const { HardLimit, SoftLimit } = membersOf(one);
    const [hard, soft] = [numberIn(HardLimit), numberIn(SoftLimit)];
    const kind = textIn(membersOf(one)['Name']) ?? '';
    return hard === undefined || soft === undefined || hard < 0 || soft <= hard
      ? []
      : [
          says(
            `${path}.Ulimits`,
            CODE,
            `Invalid 'ulimits' setting for container '${name}': the soft limit ${soft} of '${kind}' is above the hard limit ${hard}.`,
          ),
        ];
  });
  return [
    ...(listOf(EnvironmentFiles).length > MOST_FILES
      ? [
          says(
            `${path}.EnvironmentFiles`,
            CODE,
            'The maximum number of environment files was exceeded. Specify ten or less and try again.',
          ),
        ]
      : []),
    ...limits,
  ];
}

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

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_EFSVolumeConfiguration.html */
function filesRefusals({ Volumes }: Members): Refusal[] {
  return namedElements('Volumes', Volumes).flatMap(([path, volume]) => {
    const files = membersOf(volume['EFSVolumeConfiguration']);
    const { IAM, AccessPointId } = membersOf(files['AuthorizationConfig']);
    const isPlain = files['TransitEncryption'] === undefined || files['TransitEncryption'] === 'DISABLED';
    const root = textIn(files['RootDirectory']) ?? '/';
    return [
      ...(IAM === 'ENABLED' && isPlain ? ['EFS IAM authorization requires TransitEncryption to be enabled.'] : []),
      ...(files['TransitEncryptionPort'] !== undefined && isPlain
        ? ['TransitEncryptionPort requires that TransitEncryption is enabled.']
        : []),
      ...(AccessPointId !== undefined && root !== '/' && root !== ''
        ? ['When using an EFS access point, the root directory must either be set to "/" or be omitted.']
        : []),
    ].map((sentence) => says(`${path}.EFSVolumeConfiguration`, CODE, sentence));
  });
}

export function wholeTaskRefusals(properties: Members): Refusal[] {
  return [
    ...logRefusals(properties),
    ...filesRefusals(properties),
    ...(listOf(properties['InferenceAccelerators']).length === 0
      ? []
      : [says('InferenceAccelerators', CODE, "Unsupported field 'inferenceAccelerators'.")]),
  ];
}
