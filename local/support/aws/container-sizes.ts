/** What ECS refuses of containers together in a task of Fargate: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html */
import { sizeIn } from './fargate-sizes.ts';
import { membersOf, listOf, namedElements, numberIn, repeatedIn, textIn, type Members } from './given.ts';
import { says, type Refusal } from './refusal.ts';

const CODE = 'ClientException';
/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html */
const MOST_CONTAINERS = 10;

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);

/** TCP and UDP have ports of their own. */
function portsOf(container: Members): string[] {
  return listOf(container['PortMappings']).flatMap((one) => {
    const { ContainerPort, Protocol } = membersOf(one);
    const port = textIn(ContainerPort);
    return port === undefined ? [] : [`${(textIn(Protocol) ?? 'tcp').toUpperCase()} host port '${port}'`];
  });
}

export function containerSizeRefusals({ Cpu, Memory, ContainerDefinitions }: Members): Refusal[] {
  const all = namedElements('ContainerDefinitions', ContainerDefinitions);
  const [cpu, memory] = [sizeIn(textIn(Cpu) ?? '', 'vCPU'), sizeIn(textIn(Memory) ?? '', 'GB')];
  const numbers = (name: string) => all.flatMap(([, one]) => numberIn(one[name]) ?? []);
  const of = (container: Members) => numberIn(container['MemoryReservation']) ?? numberIn(container['Memory']);
  const reserved = all.flatMap(([, one]) => of(one) ?? []);
  return [
    ...(all.length > MOST_CONTAINERS
      ? [
          says(
            'ContainerDefinitions',
            CODE,
            `Too many containers: ${all.length}, and a task has ${MOST_CONTAINERS} at most`,
          ),
        ]
      : []),
    ...(cpu !== undefined && sum(numbers('Cpu')) > cpu
      ? [
          says(
            'ContainerDefinitions',
            CODE,
            "The sum of all container 'cpu' values cannot be greater than the value of the task 'cpu'.",
          ),
        ]
      : []),
    ...(memory !== undefined && sum(reserved) > memory
      ? [
          says(
            'ContainerDefinitions',
            CODE,
            "The sum of all container 'memory' values cannot be greater than the value of the task 'memory'.",
          ),
        ]
      : []),
    ...all.flatMap(([path, one]) => {
      const [hard, soft] = [numberIn(one['Memory']), numberIn(one['MemoryReservation'])];
      if (hard === undefined || soft === undefined || hard >= soft) return [];
      const sentence = `Invalid setting for container '${textIn(one['Name']) ?? ''}'. 'memory' is not less than 'memoryReservation'.`;
      return [says(`${path}.Memory`, CODE, sentence)];
    }),
    ...repeatedIn(all.flatMap(([, one]) => portsOf(one))).map((port) =>
      says('ContainerDefinitions', CODE, `${port} is mapped multiple times in task.`),
    ),
  ];
}
