import { containerDefinition } from '../testing/container-definition.ts';
import { containerCommand, healthCheckArgv, processSettings, type ImageSettings } from './container-command.ts';
import { mountsOf } from './container-mounts.ts';
import { startOrder } from './container-order.ts';
import { initialHealth, nextHealth } from './health.ts';

const IMAGE: ImageSettings = {
  entrypoint: ['/service'],
  cmd: ['serve'],
  env: ['PATH=/bin', 'MODE=image'],
  user: '65532:65532',
  workingDirectory: '',
};

const container = containerDefinition;

describe('process settings', () => {
  test('come from the image where the container definition is silent', () => {
    expect(processSettings(container(), IMAGE, '')).toEqual({
      argv: ['/service', 'serve'],
      limits: [],
      environment: { PATH: '/bin', MODE: 'image' },
      uid: 65532,
      gid: 65532,
      workingDirectory: '/',
    });
  });

  test.each([
    [{ command: ['other'] }, ['/service', 'other']],
    [{ entryPoint: ['/sh'] }, ['/sh']],
    [{ entryPoint: ['/sh'], command: ['-c', 'x'] }, ['/sh', '-c', 'x']],
  ])('%j runs %j', (overrides, argv) => {
    expect(processSettings(container(overrides), IMAGE, '').argv).toEqual(argv);
  });

  test('a user by name is looked up in the image', () => {
    expect(processSettings(container({ user: 'web' }), IMAGE, 'root:x:0:0::/:\nweb:x:101:102::/:')).toMatchObject({
      uid: 101,
      gid: 102,
    });
  });

  test('an unknown user and an empty command are named', () => {
    expect(() => processSettings(container({ user: 'nobody' }), IMAGE, '')).toThrow(
      /user "nobody" is not in the image/,
    );
    expect(() => processSettings(container(), { ...IMAGE, entrypoint: [], cmd: [] }, '')).toThrow(
      /container app: neither/,
    );
  });
});

test('the command line has a clean environment, no new privileges and the user', () => {
  const tools = { nsenter: '/nsenter', prlimit: '/prlimit', setpriv: '/setpriv', unshare: '/unshare' };
  const line = containerCommand(processSettings(container(), IMAGE, ''), '/view', tools, false);
  expect(line.slice(0, 4)).toEqual(['env', '-i', 'PATH=/bin', 'MODE=image']);
  expect(line).toEqual(expect.arrayContaining(['--no-new-privs', '--root=/view', '--setuid', '65532']));
  expect(line.slice(-3)).toEqual(['--', '/service', 'serve']);
  expect(line.join(' ')).not.toMatch(/net_admin|sys_admin/);
  expect(containerCommand(processSettings(container(), IMAGE, ''), '/view', tools, true)).not.toContain('--setuid');
});

test('limits are set before any right is given up, secrets are variables like others', () => {
  const tools = { nsenter: '/nsenter', prlimit: '/prlimit', setpriv: '/setpriv', unshare: '/unshare' };
  const limited = container({ ulimits: [{ name: 'nofile', soft: 1024, hard: 4096 }] });
  const line = containerCommand(processSettings(limited, IMAGE, '', { TOKEN: 'x' }), '/view', tools, false);
  expect(line.slice(0, 7)).toEqual([
    'env',
    '-i',
    'PATH=/bin',
    'MODE=image',
    'TOKEN=x',
    '/prlimit',
    '--nofile=1024:4096',
  ]);
  expect(line[7]).toBe('/setpriv');
});

describe('mounts', () => {
  const data = { volume: 'data', path: '/data', readOnly: false };
  const writer = container({ name: 'writer', mountPoints: [data] });

  test('are the own mount points, those of other containers, and memory', () => {
    const tmpfs = [{ path: '/run', sizeMiB: 16, options: ['noexec'] }];
    const reader = container({ name: 'reader', volumesFrom: [{ sourceContainer: 'writer', readOnly: true }], tmpfs });
    expect(mountsOf(writer, [writer, reader])).toEqual([{ kind: 'volume', ...data }]);
    expect(mountsOf(reader, [writer, reader])).toEqual([
      { kind: 'volume', ...data, readOnly: true },
      { kind: 'tmpfs', path: '/run', options: 'size=16m,noexec' },
    ]);
  });

  test('name a container that is not there', () => {
    const reader = container({ volumesFrom: [{ sourceContainer: 'nobody', readOnly: false }] });
    expect(() => mountsOf(reader, [reader])).toThrow('takes volumes from nobody');
  });
});

test.each([
  [
    ['CMD', '/service', 'healthcheck'],
    ['/service', 'healthcheck'],
  ],
  [
    ['CMD-SHELL', 'curl -f localhost'],
    ['/bin/sh', '-c', 'curl -f localhost'],
  ],
  [['NONE'], undefined],
])('health check %j', (command, argv) => {
  expect(healthCheckArgv(command)).toEqual(argv);
});

describe('health', () => {
  const check = { command: ['CMD', 'x'], intervalSeconds: 10, timeoutSeconds: 5, retries: 3, startPeriodSeconds: 5 };

  test('the first success makes it healthy, three failures in a row unhealthy', () => {
    let health = nextHealth(initialHealth(check), check, true, 1);
    expect(health.status).toBe('HEALTHY');
    for (const expected of ['HEALTHY', 'HEALTHY', 'UNHEALTHY']) {
      health = nextHealth(health, check, false, 60);
      expect(health.status).toBe(expected);
    }
    expect(nextHealth(health, check, true, 70).status).toBe('HEALTHY');
  });

  test('before the first success failures count by time: the start period and the retries', () => {
    expect(nextHealth(initialHealth(check), check, false, 34).status).toBe('UNKNOWN');
    expect(nextHealth(initialHealth(check), check, false, 35).status).toBe('UNHEALTHY');
  });
});

describe('start order', () => {
  const on = (name: string) => [{ containerName: name, condition: 'HEALTHY' }];

  test('puts dependencies first', () => {
    const order = startOrder([
      container({ name: 'a', dependsOn: on('b') }),
      container({ name: 'b', dependsOn: on('c') }),
      container({ name: 'c' }),
    ]);
    expect(order.map(({ name }) => name)).toEqual(['c', 'b', 'a']);
  });

  test('names a circle and a missing container', () => {
    expect(() =>
      startOrder([container({ name: 'a', dependsOn: on('b') }), container({ name: 'b', dependsOn: on('a') })]),
    ).toThrow('a -> b -> a');
    expect(() => startOrder([container({ name: 'a', dependsOn: on('z') })])).toThrow('depends on z');
  });
});
