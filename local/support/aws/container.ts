/** What ECS, or the container runtime of Fargate, refuses in a container: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html */
import { environmentRefusals } from './container-environment.ts';
import { logRefusals } from './container-logs.ts';
import { pathRefusals, tmpfsRefusals } from './container-paths.ts';
import { portRefusals } from './container-ports.ts';
import { secretRefusals } from './container-secrets.ts';
import { isIntrinsic } from '../findings.ts';
import { listOf, membersOf, namedElements, numberIn, textIn, type Members } from './given.ts';
import { says, type Refusal } from './refusal.ts';
import { shown } from './schema-sentences.ts';

const CODE = 'ClientException';
const NAME = /^[A-Za-z0-9_-]{1,255}$/;
/** `user`, `user:group`, `uid`, `uid:gid`: numbers are the kernel's, of 31 bits in container runtimes. */
function isUser(user: string): boolean {
  const parts = user.split(':');
  return (
    parts.length <= 2 &&
    parts.every((part) =>
      /^\d+$/.test(part) ? Number(part) < 2 ** 31 : /^[A-Za-z_][A-Za-z0-9._-]{0,254}\$?$/.test(part),
    )
  );
}

function healthCheckRefusals(path: string, check: unknown): Refusal[] {
  const { Command } = membersOf(check);
  if (check === undefined || isIntrinsic(check) || (Command !== undefined && !Array.isArray(Command))) return [];
  const given = listOf(Command);
  const [kind, ...rest] = given.map(textIn);
  const isCommand =
    (kind === 'CMD' || kind === 'CMD-SHELL' || (kind === undefined && given.length > 0)) && rest.length > 0;
  const sentence = 'the command of a health check is CMD or CMD-SHELL, and what to run after it';
  return isCommand ? [] : [says(`${path}.HealthCheck.Command`, CODE, sentence)];
}

function limitRefusals(path: string, limits: unknown): Refusal[] {
  return listOf(limits).flatMap((one, index) => {
    const { SoftLimit, HardLimit } = membersOf(one);
    const [soft, hard] = [numberIn(SoftLimit), numberIn(HardLimit)];
    const without = (limit: number) => (limit === -1 ? Infinity : limit);
    return soft === undefined || hard === undefined || without(soft) <= without(hard)
      ? []
      : [
          says(
            `${path}.Ulimits[${index}]`,
            CODE,
            `ulimit soft limit must be less than or equal to hard limit: ${soft} > ${hard}`,
          ),
        ];
  });
}

/** @param volumes names of the task's; undefined stands for any */
export function containerRefusals(
  path: string,
  container: Members,
  volumes: readonly (string | undefined)[],
): Refusal[] {
  const [name, image, user] = [textIn(container['Name']), textIn(container['Image']), textIn(container['User'])];
  const unknown = listOf(container['MountPoints']).flatMap((one) => {
    const volume = textIn(membersOf(one)['SourceVolume']);
    return volume === undefined || volumes.includes(volume) || volumes.includes(undefined) ? [] : [volume];
  });
  return [
    ...(name === undefined || NAME.test(name)
      ? []
      : [
          says(
            `${path}.Name`,
            CODE,
            'Container.name contains invalid characters: it has 1 to 255 letters, digits, hyphens and underscores',
          ),
        ]),
    ...(image === '' ? [says(`${path}.Image`, CODE, 'Container.image should not be null or empty.')] : []),
    ...(user === undefined || user === '' || isUser(user)
      ? []
      : [
          says(
            `${path}.User`,
            CODE,
            `${shown(user)} is no user: it is a name or a number below 2147483648, and a group the same way after a colon`,
          ),
        ]),
    ...unknown.map((volume) => says(`${path}.MountPoints`, CODE, `Unknown volume '${shown(volume)}'.`)),
    ...(['Command', 'EntryPoint'] as const).flatMap((list) =>
      listOf(container[list]).some((one) => textIn(one)?.includes('\0') === true)
        ? [says(`${path}.${list}`, CODE, 'an argument has a NUL, which no command line takes')]
        : [],
    ),
    ...environmentRefusals(path, container),
    ...secretRefusals(path, container['Secrets']),
    ...pathRefusals(path, container),
    ...portRefusals(path, container['PortMappings']),
    ...healthCheckRefusals(path, container['HealthCheck']),
    ...limitRefusals(path, container['Ulimits']),
    ...tmpfsRefusals(path, container['LinuxParameters']),
    ...logRefusals(path, container['LogConfiguration']),
    ...namedElements('', container['DependsOn']).flatMap(([, { ContainerName }]) =>
      ContainerName === undefined ? [says(`${path}.DependsOn`, CODE, 'a dependency names a container')] : [],
    ),
  ];
}
