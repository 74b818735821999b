/** The config.json of a container: https://github.com/opencontainers/runtime-spec/blob/main/config-linux.md */
import type { ContainerDefinition, TaskDefinition } from '../task-definition.ts';
import type { OciConfig, OciMount, OciProcess } from './config.ts';
import type { Machine } from './machine.ts';
import { resourcesOf } from './resources.ts';
import { seccompFor } from './seccomp.ts';

/** Where the bundle has the container's root. */
export const ROOT_OF_BUNDLE = 'root';

/** Docker's: https://github.com/moby/moby/blob/master/daemon/pkg/oci/defaults.go */
const MASKED = [
  '/proc/acpi',
  '/proc/asound',
  '/proc/interrupts',
  '/proc/kcore',
  '/proc/keys',
  '/proc/latency_stats',
  '/proc/sched_debug',
  '/proc/scsi',
  '/proc/timer_list',
  '/proc/timer_stats',
  '/sys/devices/virtual/powercap',
  '/sys/firmware',
];
// The last is ours: with version 1 of cgroups runc 1.1 leaves the directory above the controllers writable.
const READ_ONLY = ['/proc/bus', '/proc/fs', '/proc/irq', '/proc/sys', '/proc/sysrq-trigger', '/sys/fs/cgroup'];

const QUIET = ['nosuid', 'noexec', 'nodev'];

const proc: OciMount = { destination: '/proc', type: 'proc', source: 'proc', options: QUIET };
const SYSTEM: readonly OciMount[] = [
  {
    destination: '/dev',
    type: 'tmpfs',
    source: 'tmpfs',
    options: ['nosuid', 'strictatime', 'mode=755', 'size=65536k'],
  },
  { destination: '/sys', type: 'sysfs', source: 'sysfs', options: [...QUIET, 'ro'] },
  { destination: '/dev/mqueue', type: 'mqueue', source: 'mqueue', options: QUIET },
  // Docker's size, which Fargate lets nobody change.
  { destination: '/dev/shm', type: 'tmpfs', source: 'shm', options: [...QUIET, 'mode=1777', 'size=65536k'] },
];

/** The group of terminals has no id in a user namespace with one. */
function terminals(rootless: boolean): OciMount {
  const group = rootless ? [] : ['gid=5'];
  const options = ['nosuid', 'noexec', 'newinstance', 'ptmxmode=0666', 'mode=0620', ...group];
  return { destination: '/dev/pts', type: 'devpts', source: 'devpts', options };
}

const cgroupMount: OciMount = {
  destination: '/sys/fs/cgroup',
  type: 'cgroup',
  source: 'cgroup',
  options: [...QUIET, 'ro'],
};

/** Files of the task that each of its containers sees at the same place. */
export interface TaskFilesOfContainer {
  readonly hosts: string;
  readonly hostname: string;
  readonly resolv: string;
}

function fileMounts(files: TaskFilesOfContainer, readOnly: boolean): OciMount[] {
  const options = ['bind', 'rprivate', ...QUIET, readOnly ? 'ro' : 'rw'];
  return [
    { destination: '/etc/hosts', type: 'bind', source: files.hosts, options },
    { destination: '/etc/hostname', type: 'bind', source: files.hostname, options },
    { destination: '/etc/resolv.conf', type: 'bind', source: files.resolv, options },
  ];
}

export interface SpecParts {
  readonly process: OciProcess;
  readonly definition: ContainerDefinition;
  readonly task: Pick<TaskDefinition, 'cpu' | 'memoryMiB'>;
  readonly hostname: string;
  /** Path of the task's network namespace. */
  readonly network: string;
  readonly files: TaskFilesOfContainer;
  /** Volumes and memory. */
  readonly mounts: readonly OciMount[];
  readonly machine: Machine;
  /** The last part of its cgroup's path. */
  readonly id: string;
}

/**
 * The network is the task's, everything else the container has for itself. The network has to be named: what is run in the
 * container later would otherwise have the network of its caller.
 */
export function ociSpec(parts: SpecParts): OciConfig {
  const { process, definition, task, hostname, network, files, mounts, machine, id } = parts;
  const { cgroups, rootless } = machine;
  const namespaces = ['mount', 'pid', 'ipc', 'uts', ...(cgroups === undefined ? [] : ['cgroup'])];
  return {
    ociVersion: '1.0.2',
    process,
    root: { path: ROOT_OF_BUNDLE, readonly: definition.readonlyRootFilesystem },
    hostname,
    mounts: [
      proc,
      ...SYSTEM,
      terminals(rootless),
      ...(cgroups === undefined ? [] : [cgroupMount]),
      ...fileMounts(files, definition.readonlyRootFilesystem),
      ...mounts,
    ],
    linux: {
      namespaces: [...namespaces.map((type) => ({ type })), { type: 'network', path: network }],
      maskedPaths: MASKED,
      readonlyPaths: READ_ONLY,
      seccomp: seccompFor({ ...machine, capabilities: process.capabilities.bounding }),
      ...(cgroups === undefined
        ? {}
        : { cgroupsPath: `${cgroups.parent}/${id}`, resources: resourcesOf(definition, task, cgroups) }),
    },
  };
}
