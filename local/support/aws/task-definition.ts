/** What ECS refuses in a task definition: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html */
import { wholeTaskRefusals } from './task-logs.ts';
import { containerRefusals } from './container.ts';
import { containerSizeRefusals } from './container-sizes.ts';
import { dependencyRefusals } from './container-dependencies.ts';
import { fits, sizeIn } from './fargate-sizes.ts';
import { isFalse, listOf, membersOf, namedElements, repeatedIn, textIn, type Members } from './given.ts';
import { says, type Refusal } from './refusal.ts';

const CODE = 'ClientException';

/** Letters, digits, hyphens and underscores, 255 at most: of families, containers and volumes. */
const NAME = /^[A-Za-z0-9_-]{1,255}$/;
const NAME_RULE = 'it has 1 to 255 letters, digits, hyphens and underscores';

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html: bytes of a task definition */
const LARGEST = 65_536;

function sizeRefusals({ Cpu, Memory, RequiresCompatibilities }: Members): Refusal[] {
  if (!listOf(RequiresCompatibilities).includes('FARGATE')) return [];
  const missing = [['Cpu', Cpu, 'cpu'] as const, ['Memory', Memory, 'memory'] as const].filter(
    ([, value]) => value === undefined,
  );
  if (missing.length > 0)
    return missing.map(([path, , name]) =>
      says(path, CODE, `Fargate requires that '${name}' be defined at the task level.`),
    );
  const [cpu, memory] = [textIn(Cpu), textIn(Memory)];
  if (cpu === undefined || memory === undefined) return [];
  if (fits(sizeIn(cpu, 'vCPU') ?? 0, sizeIn(memory, 'GB') ?? 0)) return [];
  const sentence = `No Fargate configuration exists for given values: ${cpu} CPU, ${memory} memory. See the Amazon ECS documentation for the valid values.`;
  return [says('Cpu', CODE, sentence)];
}

function nameRefusals({ Family, ContainerDefinitions, Volumes }: Members): Refusal[] {
  const family = textIn(Family);
  const volumes = namedElements('Volumes', Volumes).flatMap(([path, { Name }]) => {
    const name = textIn(Name);
    if (Name === undefined) return [says(path, CODE, 'a volume has a name')];
    return name === undefined || NAME.test(name)
      ? []
      : [says(`${path}.Name`, CODE, `Volume.name contains invalid characters: ${NAME_RULE}`)];
  });
  const containers = namedElements('ContainerDefinitions', ContainerDefinitions).flatMap(
    ([, { Name }]) => textIn(Name) ?? [],
  );
  const ports = listOf(ContainerDefinitions).flatMap((one) =>
    listOf(membersOf(one)['PortMappings']).flatMap((mapping) => textIn(membersOf(mapping)['Name']) ?? []),
  );
  return [
    ...(family === undefined || NAME.test(family)
      ? []
      : [says('Family', CODE, `Family contains invalid characters: ${NAME_RULE}`)]),
    ...volumes,
    ...repeatedIn(containers).map((name) =>
      says('ContainerDefinitions', CODE, `Container names must be unique within a Task Definition: ${name}`),
    ),
    ...repeatedIn(ports).map((name) =>
      says('ContainerDefinitions', CODE, `When networkMode=awsvpc, port mapping name is already used: ${name}`),
    ),
    ...repeatedIn(namedElements('', Volumes).flatMap(([, { Name }]) => textIn(Name) ?? [])).map((name) =>
      says('Volumes', CODE, `the volume name ${name} is there more than once`),
    ),
  ];
}

function roleRefusals({ ExecutionRoleArn, ContainerDefinitions, RequiresCompatibilities }: Members): Refusal[] {
  if (ExecutionRoleArn !== undefined) return [];
  const isLogged = listOf(ContainerDefinitions).some(
    (one) => textIn(membersOf(membersOf(one)['LogConfiguration'])['LogDriver']) === 'awslogs',
  );
  // https://github.com/virtual-kubelet/virtual-kubelet/issues/193
  if (isLogged && listOf(RequiresCompatibilities).includes('FARGATE')) {
    const logs = 'Fargate requires task definition to have execution role ARN to support log driver awslogs.';
    return [says('ExecutionRoleArn', CODE, logs)];
  }
  const hasSecrets = listOf(ContainerDefinitions).some((one) => listOf(membersOf(one)['Secrets']).length > 0);
  const sentence = "When you are specifying container secrets, you must also specify a value for 'executionRoleArn'.";
  return hasSecrets ? [says('ExecutionRoleArn', CODE, sentence)] : [];
}

export function taskDefinitionRefusals(properties: Members): Refusal[] {
  const { ContainerDefinitions, Volumes } = properties;
  const all = namedElements('ContainerDefinitions', ContainerDefinitions);
  const volumes =
    Array.isArray(Volumes) || Volumes === undefined
      ? listOf(Volumes).map((one) => textIn(membersOf(one)['Name']))
      : [undefined];
  const size = Buffer.byteLength(JSON.stringify(properties));
  return [
    ...(size > LARGEST ? [says('', CODE, `Actual length: '${size}'. Max allowed length is '${LARGEST}' bytes.`)] : []),
    ...(ContainerDefinitions === undefined || (Array.isArray(ContainerDefinitions) && all.length === 0)
      ? [says('ContainerDefinitions', CODE, 'Container list cannot be empty.')]
      : []),
    ...(all.length > 0 && all.every(([, { Essential }]) => isFalse(Essential))
      ? [says('ContainerDefinitions', CODE, "Task definition doesn't have any essential container")]
      : []),
    ...sizeRefusals(properties),
    ...containerSizeRefusals(properties),
    ...nameRefusals(properties),
    ...roleRefusals(properties),
    ...wholeTaskRefusals(properties),
    ...all.flatMap(([path, container]) => containerRefusals(path, container, volumes)),
    ...dependencyRefusals(ContainerDefinitions),
  ];
}
