/** What ECS, or the container runtime of Fargate, refuses in a container: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html */
import { logRefusals } from './container-logs.ts';
import { secretRefusals } from './container-secrets.ts';
import { isIntrinsic } from '../findings.ts';
import { listOf, membersOf, namedElements, numberIn, repeatedIn, textIn, type Members } from './given.ts';
import { says, type Refusal } from './refusal.ts';
import { shown } from './schema-sentences.ts';

const CODE = 'ClientException';
const NAME = /^[A-Za-z0-9_-]{1,255}$/;
/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_PortMapping.html */
const PORT_NAME = /^[a-z0-9_][a-z0-9_-]{0,63}$/;
/** A range such as 8000-8010, of which Fargate opens 100 at most. */
const PORT_RANGE = /^(\d{1,5})-(\d{1,5})$/;
const MOUNT_OPTIONS =
  'defaults ro rw suid nosuid dev nodev exec noexec sync async dirsync remount mand nomand atime noatime diratime nodiratime bind rbind unbindable runbindable private rprivate shared rshared slave rslave relatime norelatime strictatime nostrictatime mode uid gid nr_inodes nr_blocks mpol'.split(
    ' ',
  );

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

function environmentRefusals(path: string, { Environment, Secrets }: Members): Refusal[] {
  const variables = (['Environment', 'Secrets'] as const).flatMap((list) =>
    listOf({ Environment, Secrets }[list]).map((one, index) => [`${path}.${list}[${index}]`, membersOf(one)] as const),
  );
  const odd = variables.flatMap(([at, { Name, Value }]) => {
    const name = textIn(Name);
    const found: Refusal[] = [];
    if (name === '') found.push(says(`${at}.Name`, CODE, 'the name of an environment variable is empty'));
    if (name !== undefined && /[=\0]/.test(name))
      found.push(says(`${at}.Name`, CODE, `the name ${shown(name)} has = or a NUL, which no environment takes`));
    if (textIn(Value)?.includes('\0') === true)
      found.push(says(`${at}.Value`, CODE, 'the value has a NUL, which no environment takes'));
    return found;
  });
  const names = (list: unknown) => [...new Set(listOf(list).flatMap((one) => textIn(membersOf(one)['Name']) ?? []))];
  const secrets = listOf(Secrets).flatMap((one) => textIn(membersOf(one)['Name']) ?? []);
  const shared = [...new Set([...repeatedIn(secrets), ...repeatedIn([...names(Environment), ...names(Secrets)])])];
  return [
    ...odd,
    ...shared.map((name) =>
      says(
        `${path}.Secrets`,
        CODE,
        `The secret name must be unique and not shared with any new or existing environment variables set on the container, such as '${name}'.`,
      ),
    ),
  ];
}

const inKernel = (path: string): boolean => /^\/+(?:proc|sys)(?:\/|$)/.test(path);

function pathRefusals(path: string, { MountPoints, WorkingDirectory, LinuxParameters }: Members): Refusal[] {
  const mounts = [
    ...listOf(MountPoints).map(
      (one, index) => [`${path}.MountPoints[${index}].ContainerPath`, membersOf(one)] as const,
    ),
    ...listOf(membersOf(LinuxParameters)['Tmpfs']).map(
      (one, index) => [`${path}.LinuxParameters.Tmpfs[${index}].ContainerPath`, membersOf(one)] as const,
    ),
  ].flatMap(([at, { ContainerPath }]) => {
    const target = textIn(ContainerPath);
    if (target === undefined)
      return ContainerPath === undefined ? [says(at, CODE, 'a mount has a path in the container')] : [];
    if (!target.startsWith('/') || target.includes('\0'))
      return [says(at, CODE, `invalid mount path: '${shown(target)}' mount path must be absolute`)];
    if (/^\/+$/.test(target))
      return [says(at, 'CannotCreateContainerError', "invalid mount config: destination can't be '/'")];
    return inKernel(target)
      ? [says(at, 'CannotStartContainerError', `${target} is of the kernel: nothing is mounted there`)]
      : [];
  });
  const directory = textIn(WorkingDirectory);
  const isAbsolute =
    directory === undefined || directory === '' || (directory.startsWith('/') && !directory.includes('\0'));
  const sentence = `the working directory '${shown(directory ?? '')}' is invalid, it needs to be an absolute path`;
  const twice = repeatedIn(
    listOf(MountPoints).flatMap((one) => textIn(membersOf(one)['ContainerPath'])?.replace(/\/+$/, '') ?? []),
  ).map((target) =>
    says(`${path}.MountPoints`, 'CannotCreateContainerError', `Duplicate mount point: ${shown(target)}`),
  );
  const nameless = listOf(MountPoints).flatMap((one, index) =>
    membersOf(one)['SourceVolume'] === undefined && Object.keys(membersOf(one)).length > 0
      ? [says(`${path}.MountPoints[${index}]`, CODE, "Unknown volume 'null'.")]
      : [],
  );
  return [
    ...mounts,
    ...twice,
    ...nameless,
    ...(isAbsolute ? [] : [says(`${path}.WorkingDirectory`, 'CannotCreateContainerError', sentence)]),
  ];
}

function portRefusals(path: string, mappings: unknown): Refusal[] {
  return listOf(mappings).flatMap((one, index) => {
    const { Name, ContainerPort, ContainerPortRange, HostPort } = membersOf(one);
    const at = `${path}.PortMappings[${index}]`;
    const [name, port, host, range] = [
      textIn(Name),
      numberIn(ContainerPort),
      numberIn(HostPort),
      textIn(ContainerPortRange),
    ];
    const found: Refusal[] = [];
    if (name !== undefined && !PORT_NAME.test(name))
      found.push(
        says(
          `${at}.Name`,
          CODE,
          `the port name ${shown(name)} is none: it has up to 64 small letters, digits, hyphens and underscores, and begins with no hyphen`,
        ),
      );
    if (port !== undefined && host !== undefined && host !== 0 && port !== host)
      found.push(
        says(
          `${at}.HostPort`,
          CODE,
          'When networkMode=awsvpc, the host ports and container ports in port mappings must match.',
        ),
      );
    if (ContainerPort === undefined && ContainerPortRange === undefined)
      found.push(says(`${at}.ContainerPort`, CODE, "Invalid 'containerPort' setting: a port mapping has one"));
    const [, first, last] = PORT_RANGE.exec(range ?? '') ?? [];
    if (range !== undefined && !(Number(first) >= 1 && Number(first) <= Number(last) && Number(last) <= 65_535))
      found.push(says(`${at}.ContainerPortRange`, CODE, `${shown(range)} is no range of ports from low to high`));
    return found;
  });
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

function tmpfsRefusals(path: string, parameters: unknown): Refusal[] {
  return listOf(membersOf(parameters)['Tmpfs']).flatMap((one, index) =>
    listOf(membersOf(one)['MountOptions']).flatMap((option) => {
      const text = textIn(option);
      if (text === undefined || (MOUNT_OPTIONS.includes(text.split('=')[0] ?? '') && !text.includes(','))) return [];
      return [
        says(
          `${path}.LinuxParameters.Tmpfs[${index}].MountOptions`,
          CODE,
          `${shown(text)} is no mount option of a tmpfs`,
        ),
      ];
    }),
  );
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
