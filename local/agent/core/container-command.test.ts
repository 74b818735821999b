import { containerDefinition } from '../testing/container-definition.ts';
import { healthCheckArgv } from './container-command.ts';
import { mountsOf, ociMount } from './container-mounts.ts';
import { startOrder } from './container-order.ts';
import { initialHealth, nextHealth } from './health.ts';

const container = containerDefinition;

describe('mounts', () => {
  const data = { volume: 'data', path: '/data', readOnly: false };
  const writer = container({ name: 'writer', mountPoints: [data] });

  test('are the own mount points, those of other containers, and memory', () => {
    const tmpfs = [{ path: '/run', sizeMiB: 16, options: ['noexec'] }];
    const reader = container({ name: 'reader', volumesFrom: [{ sourceContainer: 'writer', readOnly: true }], tmpfs });
    expect(mountsOf(writer, [writer, reader])).toEqual([{ kind: 'volume', ...data }]);
    expect(mountsOf(reader, [writer, reader])).toEqual([
      { kind: 'volume', ...data, readOnly: true },
      { kind: 'tmpfs', path: '/run', options: ['nosuid', 'nodev', 'noexec', 'size=16m', 'noexec'] },
    ]);
  });

  test('are told to the runtime by the directory of the volume, which does not have its name', () => {
    const volumes = new Map([['data', '/run/task/1/volumes/0']]);
    const [mount] = mountsOf(container({ mountPoints: [{ ...data, readOnly: true }] }), []);
    expect(mount && ociMount(mount, volumes)).toEqual({
      destination: '/data',
      type: 'bind',
      source: '/run/task/1/volumes/0',
      options: ['rbind', 'rprivate', 'nosuid', 'nodev', 'ro'],
    });
    expect(mount && (() => ociMount(mount, new Map()))).toThrow('volume data was not made');
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
