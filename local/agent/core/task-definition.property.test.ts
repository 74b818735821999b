/** Whatever a task definition says: its containers have their walls, or it is not run, with a line that says why. */
import { isAbsolute } from 'node:path';
import { FUZZ_TIMEOUT_MS, fuzz, mutated } from '../../testing/fuzz.ts';
import { narrowTaskDefinition } from '../aws/read-task-definition.ts';
import { mountsOf, ociMount } from './container-mounts.ts';
import { startOrder } from './container-order.ts';
import { MAY_BE_ADDED } from '../../aws-shapes/task-definition.ts';
import type { OciConfig } from './oci/config.ts';
import type { Machine } from './oci/machine.ts';
import { ociProcess } from './oci/process.ts';
import { ociSpec } from './oci/spec.ts';
import type { ContainerDefinition, TaskDefinition } from './task-definition.ts';

const ARN = 'arn:aws:ecs:us-east-1:000000000000:task-definition/web:7';
const CONTAINER = {
  name: 'web',
  image: 'web:1',
  essential: true,
  entryPoint: ['/web'],
  command: ['serve'],
  user: '65532:65532',
  workingDirectory: '/srv',
  stopTimeout: 5,
  cpu: 128,
  memory: 256,
  environment: [{ name: 'A', value: 'b' }],
  secrets: [{ name: 'S', valueFrom: 'x' }],
  portMappings: [{ name: 'http', containerPort: 8080, appProtocol: 'http' }],
  mountPoints: [{ sourceVolume: 'v', containerPath: '/data', readOnly: true }],
  ulimits: [{ name: 'nofile', softLimit: 10, hardLimit: 20 }],
  linuxParameters: {
    tmpfs: [{ containerPath: '/tmp', size: 5, mountOptions: ['mode=1777'] }],
    capabilities: { add: ['SYS_PTRACE'], drop: ['CHOWN'] },
  },
  healthCheck: { command: ['CMD', 'true'], interval: 5, timeout: 2, retries: 1 },
};
const DEFINITION = {
  ...{ taskDefinitionArn: ARN, family: 'web', revision: 7, networkMode: 'awsvpc', cpu: '256', memory: '512' },
  requiresCompatibilities: ['FARGATE'],
  volumes: [{ name: 'v' }],
  containerDefinitions: [
    { ...CONTAINER, dependsOn: [{ containerName: 'log', condition: 'HEALTHY' }] },
    {
      ...CONTAINER,
      name: 'log',
      essential: false,
      portMappings: [],
      volumesFrom: [{ sourceContainer: 'web', readOnly: true }],
      mountPoints: [],
    },
  ],
};
const MACHINE: Machine = {
  architecture: 'amd64',
  kernel: '6.1.0-18-amd64',
  rootless: false,
  ceiling: () => 1_048_576,
  cgroups: { parent: '/highlands-1', controllers: ['cpu', 'memory', 'pids'] },
};
const VOLUMES = { get: (): string => '/run/task/volumes/0' } as unknown as ReadonlyMap<string, string>;
const DOCKERS_LIST =
  'CHOWN DAC_OVERRIDE FOWNER FSETID KILL SETGID SETUID SETPCAP NET_BIND_SERVICE NET_RAW SYS_CHROOT MKNOD AUDIT_WRITE SETFCAP';
const CAPABILITIES = [...DOCKERS_LIST.split(' '), ...MAY_BE_ADDED].map((name) => `CAP_${name}`);

function configOf(definition: ContainerDefinition, task: TaskDefinition): OciConfig {
  const { process } = ociProcess({
    definition,
    image: { entrypoint: ['/x'], cmd: [], env: ['PATH=/bin'], user: '', workingDirectory: '' },
    lists: { passwd: 'root:x:0:0::/:\n', group: '' },
    ...{ secrets: {}, ofTask: {}, hostname: 'h', machine: MACHINE },
  });
  return ociSpec({
    ...{ process, definition, task, hostname: 'h', network: '/run/net', machine: MACHINE, id: 'id' },
    files: { hosts: '/run/task/hosts', hostname: '/run/task/hostname', resolv: '/run/task/resolv.conf' },
    mounts: mountsOf(definition, task.containers).map((mount) => ociMount(mount, VOLUMES)),
  });
}

function expectWalls({ process, linux, mounts, root }: OciConfig, plain: OciConfig): void {
  expect(process.noNewPrivileges).toBe(true);
  expect(process.terminal).toBe(false);
  for (const set of Object.values(process.capabilities as unknown as Record<string, string[]>))
    for (const name of set) expect(CAPABILITIES).toContain(name);
  expect(linux.namespaces).toEqual(plain.linux.namespaces);
  expect(linux.maskedPaths).toEqual(plain.linux.maskedPaths);
  expect(linux.readonlyPaths).toEqual(plain.linux.readonlyPaths);
  expect(linux.seccomp.defaultAction).toBe('SCMP_ACT_ERRNO');
  expect(linux.cgroupsPath).toBe(plain.linux.cgroupsPath);
  expect(linux.resources?.devices).toEqual([{ allow: false, access: 'rwm' }]);
  expect(linux.resources?.memory?.limit).toBeGreaterThan(0);
  expect(root.path).toBe('root');
  // The definition's own come after the system's, and take nothing of the host in.
  expect(mounts.slice(0, 6).map(({ destination }) => destination)).toEqual(
    plain.mounts.slice(0, 6).map(({ destination }) => destination),
  );
  for (const { type, source, destination } of mounts.slice(6)) {
    expect(isAbsolute(destination)).toBe(true);
    expect(destination).not.toMatch(/^\/+(?:$|(?:proc|sys\/(?!fs\/cgroup$))(?:\/|$))/);
    if (type === 'bind') expect(source).toMatch(/^\/run\/task\//);
  }
  for (const text of [...process.env, ...process.args]) expect(text).not.toContain('\0');
  for (const { soft, hard, type } of process.rlimits) {
    expect(type).toMatch(/^RLIMIT_[A-Z]+$/);
    expect(soft).toBeLessThanOrEqual(hard);
    expect(Number.isInteger(soft) && soft >= 0).toBe(true);
  }
}

test(
  'a task definition with something odd in it',
  () => {
    const good = narrowTaskDefinition(ARN, DEFINITION);
    expect(good.unsupported).toEqual([]);
    const [first] = good.containers;
    if (first === undefined) throw new Error('the definition has containers');
    const plain = configOf(first, good);
    expectWalls(plain, plain);
    let run = 0;
    fuzz(mutated([DEFINITION]), (raw) => {
      const task = narrowTaskDefinition(ARN, raw);
      for (const line of task.unsupported) expect(line).toMatch(/^[^\n]+$/);
      if (task.unsupported.length > 0) return;
      run += 1;
      expect(startOrder(task.containers)).toHaveLength(task.containers.length);
      for (const definition of task.containers) {
        let config;
        try {
          config = configOf(definition, task);
        } catch (error) {
          // What only the image can tell: its users, its command.
          expect(String(error)).toMatch(/^Error: (?:CannotStartContainerError: )?container /);
          continue;
        }
        expectWalls(config, plain);
      }
    });
    // Changes that leave nothing to run would prove nothing.
    expect(run).toBeGreaterThan(50);
  },
  FUZZ_TIMEOUT_MS,
);
