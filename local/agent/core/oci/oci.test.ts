import { containerDefinition } from '../../testing/container-definition.ts';
import type { ImageSettings } from '../container-command.ts';
import { capabilityNames, capabilitySets } from './capabilities.ts';
import { missingLimits, type Machine } from './machine.ts';
import { ociProcess, type ProcessParts } from './process.ts';
import { cpuQuota, resourcesOf } from './resources.ts';
import { ceilingOf, rlimitsOf } from './rlimits.ts';
import { seccompFor } from './seccomp.ts';
import { ociSpec, type SpecParts } from './spec.ts';
import { errorIn, refusedByKernel, startFailure } from './start-failure.ts';
import { userIn } from './users.ts';

const IMAGE: ImageSettings = {
  entrypoint: ['/service'],
  cmd: ['serve'],
  env: ['PATH=/bin', 'MODE=image'],
  user: '65532:65532',
  workingDirectory: '',
};
const MACHINE: Machine = {
  architecture: 'amd64',
  kernel: '6.1.0-18-amd64',
  rootless: false,
  ceiling: () => Infinity,
  cgroups: { parent: '/highlands-1', controllers: ['cpu', 'memory', 'pids'] },
};
const ROOTLESS: Machine = { ...MACHINE, rootless: true, cgroups: undefined };
const container = containerDefinition;

const parts = (overrides: Partial<ProcessParts> = {}): ProcessParts => ({
  definition: container(),
  image: IMAGE,
  lists: { passwd: '', group: '' },
  secrets: {},
  ofTask: {},
  hostname: 'ip-10-0-0-4.ec2.internal',
  machine: MACHINE,
  ...overrides,
});
const processOf = (overrides: Partial<ProcessParts> = {}) => ociProcess(parts(overrides)).process;

describe('the process', () => {
  test('comes from the image where the container definition is silent', () => {
    expect(processOf()).toEqual({
      terminal: false,
      user: { uid: 65532, gid: 65532, additionalGids: [] },
      args: ['/service', 'serve'],
      env: ['PATH=/bin', 'HOSTNAME=ip-10-0-0-4.ec2.internal', 'MODE=image'],
      cwd: '/',
      capabilities: expect.objectContaining({ effective: [], permitted: [], inheritable: [], ambient: [] }) as unknown,
      rlimits: [{ type: 'RLIMIT_NOFILE', soft: 65_535, hard: 65_535 }],
      noNewPrivileges: true,
    });
  });

  test.each([
    [{ command: ['other'] }, ['/service', 'other']],
    [{ entryPoint: ['/sh'] }, ['/sh']],
    [{ entryPoint: ['/sh'], command: ['-c', 'x'] }, ['/sh', '-c', 'x']],
  ])('%j runs %j', (overrides, args) => {
    expect(processOf({ definition: container(overrides) }).args).toEqual(args);
  });

  test('secrets come over variables, and they over the image', () => {
    const definition = container({ environment: { MODE: 'own', LD_PRELOAD: '/x.so', TOKEN: 'none' } });
    expect(processOf({ definition, secrets: { TOKEN: 'x' } }).env.slice(2)).toEqual([
      'MODE=own',
      'LD_PRELOAD=/x.so',
      'TOKEN=x',
    ]);
  });

  test('what Fargate gives comes over the image, and under what the task definition says', () => {
    const definition = container({ environment: { AWS_REGION: 'own' } });
    const ofTask = { MODE: 'fargate', AWS_REGION: 'us-east-1', AWS_EXECUTION_ENV: 'AWS_ECS_FARGATE' };
    expect(processOf({ definition, ofTask }).env.slice(2)).toEqual([
      'MODE=fargate',
      'AWS_REGION=own',
      'AWS_EXECUTION_ENV=AWS_ECS_FARGATE',
    ]);
  });

  test('an unknown user and an empty command are named', () => {
    expect(() => processOf({ definition: container({ user: 'nobody' }) })).toThrow(
      'CannotStartContainerError: container app: unable to find user nobody: no matching entries in passwd file',
    );
    expect(() => processOf({ image: { ...IMAGE, entrypoint: [], cmd: [] } })).toThrow(/container app: neither/);
  });

  test('without root there is one user', () => {
    expect(processOf({ machine: ROOTLESS }).user).toEqual({ uid: 0, gid: 0, additionalGids: [] });
    expect(() => processOf({ machine: ROOTLESS, definition: container({ user: 'nobody' }) })).toThrow('nobody');
  });
});

describe('users', () => {
  const lists = {
    passwd: 'root:x:0:0:root:/root:/bin/sh\n\n# nobody else\nweb:x:101:102::/:\n',
    group: 'root:x:0:\nweb:x:102:\nlogs:x:55:web,other\nadmin:x:56:root\n',
  };

  test.each([
    ['', { uid: 0, gid: 0, additionalGids: [56] }],
    ['web', { uid: 101, gid: 102, additionalGids: [55] }],
    ['101', { uid: 101, gid: 102, additionalGids: [55] }],
    ['web:logs', { uid: 101, gid: 55, additionalGids: [] }],
    ['web:7', { uid: 101, gid: 7, additionalGids: [] }],
    ['9:logs', { uid: 9, gid: 55, additionalGids: [] }],
    ['9', { uid: 9, gid: 0, additionalGids: [] }],
    ['65532:65532', { uid: 65532, gid: 65532, additionalGids: [] }],
  ])('%j', (user, expected) => {
    expect(userIn(user, lists)).toEqual(expected);
  });

  test.each([
    ['nobody', 'unable to find user nobody: no matching entries in passwd file'],
    ['web:nobody', 'unable to find group nobody: no matching entries in group file'],
    ['4294967295', 'uids and gids must be in range 0-2147483647'],
    ['-1', 'unable to find user -1'],
    ['web:-1', 'unable to find group -1'],
  ])('%j is refused', (user, complaint) => {
    expect(() => userIn(user, lists)).toThrow(complaint);
  });
});

describe('capabilities', () => {
  const none = { add: [], drop: [] };

  test('are those of Docker, of which 14 are the bits a80425fb', () => {
    expect(capabilityNames(none, true)).toHaveLength(14);
    expect(capabilityNames(none, true)).not.toEqual(expect.arrayContaining(['CAP_SYS_ADMIN']));
    expect(capabilityNames(none, false)).not.toContain('CAP_MKNOD');
  });

  test('are taken away first, and SYS_PTRACE alone is added', () => {
    expect(capabilityNames({ add: ['SYS_PTRACE', 'SYS_ADMIN'], drop: ['ALL'] }, true)).toEqual(['CAP_SYS_PTRACE']);
    expect(capabilityNames({ add: [], drop: ['cap_net_raw', 'KILL'] }, true)).toHaveLength(12);
  });

  test('root holds them, everybody else may not get them', () => {
    expect(capabilitySets(['CAP_KILL'], 0)).toMatchObject({ bounding: ['CAP_KILL'], effective: ['CAP_KILL'] });
    expect(capabilitySets(['CAP_KILL'], 1)).toMatchObject({ bounding: ['CAP_KILL'], effective: [], permitted: [] });
  });
});

describe('system calls', () => {
  const target = { architecture: 'amd64' as const, kernel: '6.1.0', capabilities: ['CAP_SYS_CHROOT'] };
  const allowed = (of: Partial<Parameters<typeof seccompFor>[0]>, name: string) =>
    seccompFor({ ...target, ...of }).syscalls.filter(
      ({ names, action }) => names.includes(name) && action === 'SCMP_ACT_ALLOW',
    );

  test('what needs a right that no container has is refused', () => {
    expect(seccompFor(target)).toMatchObject({ defaultAction: 'SCMP_ACT_ERRNO', defaultErrnoRet: 1 });
    for (const name of ['mount', 'unshare', 'setns', 'bpf', 'init_module', 'reboot', 'open_by_handle_at', 'syslog'])
      expect(allowed({}, name)).toEqual([]);
    for (const name of ['read', 'openat', 'chroot', 'ptrace']) expect(allowed({}, name)).toHaveLength(1);
    expect(allowed({ capabilities: [] }, 'chroot')).toEqual([]);
    // Without flags of namespaces only.
    expect(allowed({}, 'clone')).toMatchObject([{ args: [{ op: 'SCMP_CMP_MASKED_EQ' }] }]);
  });

  test('conditions of kernel and processor are decided', () => {
    expect(allowed({ kernel: '4.4.0' }, 'ptrace')).toEqual([]);
    expect(allowed({}, 'arch_prctl')).toHaveLength(1);
    expect(allowed({ architecture: 'arm64' }, 'arch_prctl')).toEqual([]);
    expect(seccompFor(target).architectures).toEqual(['SCMP_ARCH_X86_64']);
    expect(seccompFor({ ...target, architecture: 'arm64' }).architectures).toEqual(['SCMP_ARCH_AARCH64']);
    // A runtime knows nothing of them.
    expect(JSON.stringify(seccompFor(target))).not.toMatch(/includes|excludes|minKernel|valueTwo/);
  });
});

describe('limits of processes', () => {
  const ceiling = (name: string) => (name === 'nofile' ? 20_000 : Infinity);

  test('are Fargate\u2019s, as far as the machine has them, without a word', () => {
    expect(rlimitsOf([], ceiling)).toEqual({
      rlimits: [{ type: 'RLIMIT_NOFILE', soft: 20_000, hard: 20_000 }],
      clamped: [],
    });
  });

  test('that are above the machine are lowered, and told', () => {
    const { rlimits, clamped } = rlimitsOf([{ name: 'nofile', soft: 1024, hard: 65_535 }], ceiling);
    expect(rlimits).toEqual([{ type: 'RLIMIT_NOFILE', soft: 1024, hard: 20_000 }]);
    expect(clamped).toEqual(['ulimit nofile 1024:65535 is above what this machine allows, and is 20000 here']);
  });

  test('-1 is no limit, in a number that 64 bits hold', () => {
    const { rlimits } = rlimitsOf([{ name: 'core', soft: 0, hard: -1 }], ceiling);
    const [, core] = rlimits;
    expect(core).toMatchObject({ type: 'RLIMIT_CORE', soft: 0 });
    expect(BigInt(JSON.stringify(core?.hard))).toBeLessThan(2n ** 64n);
    expect(rlimitsOf([{ name: 'nofile', soft: -1, hard: -1 }], ceiling).clamped[0]).toContain('unlimited:unlimited');
  });

  test('of the machine are read as the kernel writes them', () => {
    const text = [
      'Limit                     Soft Limit           Hard Limit           Units     ',
      'Max open files            1024                 4096                 files     ',
      'Max core file size        0                    unlimited            bytes     ',
      'Max resident set          unlimited            1000                 bytes     ',
    ].join('\n');
    expect(['nofile', 'core', 'rss', 'nice'].map(ceilingOf(text, false, 1_048_576))).toEqual([
      4096,
      Infinity,
      1000,
      Infinity,
    ]);
    expect(['nofile', 'rss'].map(ceilingOf(text, true, 1_048_576))).toEqual([1_048_576, Infinity]);
  });
});

describe('resources', () => {
  const all = { parent: '/x', controllers: ['cpu', 'memory', 'pids'] };

  test('are the task\u2019s size, and the container\u2019s own where it is less', () => {
    const task = { cpu: 256, memoryMiB: 512 };
    expect(resourcesOf(container(), task, all)).toEqual({
      devices: [{ allow: false, access: 'rwm' }],
      memory: { limit: 512 * 1024 * 1024 },
      cpu: {},
      pids: { limit: 4096 },
    });
    expect(resourcesOf(container({ cpuUnits: 1, memoryMiB: 128 }), task, all)).toMatchObject({
      memory: { limit: 128 * 1024 * 1024 },
      cpu: { shares: 2 },
    });
  });

  test('of the processor are set later, and only where it can be limited', () => {
    expect(cpuQuota({ cpu: 256 }, all)).toEqual({ quota: 25_000, period: 100_000 });
    expect(cpuQuota({ cpu: undefined }, all)).toBeUndefined();
    expect(cpuQuota({ cpu: 256 }, { parent: '/x', controllers: ['pids'] })).toBeUndefined();
  });

  test('are those that the machine can limit, and what is missing is told', () => {
    const some = { parent: '/x', controllers: ['pids'] };
    expect(resourcesOf(container(), { cpu: 256, memoryMiB: 512 }, some)).toEqual({
      devices: [{ allow: false, access: 'rwm' }],
      pids: { limit: 4096 },
    });
    expect(missingLimits({ ...MACHINE, cgroups: some })).toContain('no limits of cpu, memory:');
    expect(missingLimits(ROOTLESS)).toContain('no limits of cpu, memory, pids:');
    expect(missingLimits(MACHINE)).toBeUndefined();
  });
});

describe('config.json', () => {
  const specOf = (overrides: Partial<SpecParts> = {}) =>
    ociSpec({
      process: processOf(),
      definition: container(),
      task: { cpu: 256, memoryMiB: 512 },
      hostname: 'ip-10-0-0-4.ec2.internal',
      network: '/proc/7/ns/net',
      files: { hosts: '/run/hosts', hostname: '/run/hostname', resolv: '/run/resolv.conf' },
      mounts: [{ destination: '/data', type: 'bind', source: '/run/0', options: ['rbind', 'ro'] }],
      machine: MACHINE,
      id: 'abc-0',
      ...overrides,
    });

  test('has namespaces of its own for all but the network, which is the task\u2019s', () => {
    expect(specOf().linux.namespaces).toEqual([
      ...['mount', 'pid', 'ipc', 'uts', 'cgroup'].map((type) => ({ type })),
      { type: 'network', path: '/proc/7/ns/net' },
    ]);
    expect(specOf()).toMatchObject({ hostname: 'ip-10-0-0-4.ec2.internal', root: { path: 'root', readonly: true } });
  });

  test('has no place of the kernel\u2019s settings that could be written', () => {
    const { linux, mounts } = specOf();
    expect(linux.readonlyPaths).toEqual(expect.arrayContaining(['/proc/sys', '/proc/sysrq-trigger', '/sys/fs/cgroup']));
    expect(linux.maskedPaths).toEqual(expect.arrayContaining(['/proc/kcore', '/proc/keys', '/sys/firmware']));
    for (const destination of ['/sys', '/sys/fs/cgroup'])
      expect(mounts.find((mount) => mount.destination === destination)?.options).toContain('ro');
  });

  test('mounts the files of the task, read-only where the root is', () => {
    const options = (readonlyRootFilesystem: boolean) =>
      specOf({ definition: container({ readonlyRootFilesystem }) })
        .mounts.filter(({ destination }) => destination.startsWith('/etc/'))
        .map((mount) => [mount.destination, mount.source, mount.options.at(-1)]);
    expect(options(true)).toEqual([
      ['/etc/hosts', '/run/hosts', 'ro'],
      ['/etc/hostname', '/run/hostname', 'ro'],
      ['/etc/resolv.conf', '/run/resolv.conf', 'ro'],
    ]);
    expect(options(false).map(([, , access]) => access)).toEqual(['rw', 'rw', 'rw']);
    expect(specOf().mounts.at(-1)).toMatchObject({ destination: '/data' });
  });

  test('has limits where the machine has cgroups, below the region\u2019s', () => {
    expect(specOf().linux).toMatchObject({ cgroupsPath: '/highlands-1/abc-0', resources: { pids: { limit: 4096 } } });
    const { linux, mounts } = specOf({ machine: ROOTLESS });
    expect(linux).not.toHaveProperty('cgroupsPath');
    expect(linux).not.toHaveProperty('resources');
    expect(linux.namespaces).not.toContainEqual({ type: 'cgroup' });
    expect(mounts.map(({ destination }) => destination)).not.toContain('/sys/fs/cgroup');
    expect(JSON.stringify(mounts)).not.toContain('gid=5');
  });
});

describe('a container that never ran', () => {
  const PREFIX =
    'CannotStartContainerError: ResourceInitializationError: failed to create new container runtime task: ';

  test.each([
    ['exec: "/nosuch": stat /nosuch: no such file or directory', 127],
    ['exec: "nosuch": executable file not found in $PATH', 127],
    ['exec: "/noexec": permission denied', 126],
    ['error during container init: error setting rlimits', 128],
  ])('%s', (words, exitCode) => {
    const failure = startFailure(`runc run failed: unable to start container process: ${words}`);
    expect(failure.exitCode).toBe(exitCode);
    expect(failure.reason).toBe(
      `${PREFIX}failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: ${words}: unknown`,
    );
  });

  test('the first error of the log counts', () => {
    const line = (level: string, msg: string) => JSON.stringify({ level, msg });
    expect(errorIn([line('warning', 'a'), 'half {', line('error', 'b'), line('error', 'c')].join('\n'))).toBe('b');
    expect(errorIn('')).toBeUndefined();
  });

  test.each([
    ['exec /bad: exec format error', '/bad', true],
    ['exec /usr/bin/bad: exec format error', 'bad', true],
    ['exec /script: no such file or directory', '/script', true],
    ['exec /other: exec format error', '/bad', false],
    ['error: exec format error', '/bad', false],
    [undefined, '/bad', false],
  ])('%j of %j: %p', (line, program, expected) => {
    expect(refusedByKernel(line, program)).toBe(expected);
  });
});
