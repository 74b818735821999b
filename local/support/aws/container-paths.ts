/** What the container runtime of Fargate refuses of mounts and directories: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_MountPoint.html */
import { listOf, membersOf, repeatedIn, textIn, type Members } from './given.ts';
import { says, type Refusal } from './refusal.ts';
import { shown } from './schema-sentences.ts';

const CODE = 'ClientException';
const MOUNT_OPTIONS =
  'defaults ro rw suid nosuid dev nodev exec noexec sync async dirsync remount mand nomand atime noatime diratime nodiratime bind rbind unbindable runbindable private rprivate shared rshared slave rslave relatime norelatime strictatime nostrictatime mode uid gid nr_inodes nr_blocks mpol'.split(
    ' ',
  );

const inKernel = (path: string): boolean => /^\/+(?:proc|sys)(?:\/|$)/.test(path);

export function pathRefusals(path: string, { MountPoints, WorkingDirectory, LinuxParameters }: Members): Refusal[] {
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

export function tmpfsRefusals(path: string, parameters: unknown): Refusal[] {
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
