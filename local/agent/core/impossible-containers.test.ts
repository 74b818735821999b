import { containerDefinition as container } from '../testing/container-definition.ts';
import { impossibleIn } from './impossible-containers.ts';

const on = (containerName: string, condition = 'START') => ({ dependsOn: [{ containerName, condition }] });
const mounted = (path: string) => ({ mountPoints: [{ volume: 'v', path, readOnly: false }] });

test.each([
  ['one', [container()]],
  ['a chain', [container(on('b')), container({ name: 'b', ...on('c') }), container({ name: 'c' })]],
  ['a mount', [container(mounted('/data'))]],
  ['a mount beside the kernel’s', [container(mounted('/process'))]],
])('%s can run', (_, containers) => {
  expect(impossibleIn(containers)).toEqual([]);
});

test.each([
  ['itself', [container(on('app'))], 'containers depend on each other in a circle: app -> app'],
  ['a circle', [container(on('b')), container({ name: 'b', ...on('app') })], 'in a circle: app -> b -> app'],
  ['nobody', [container(on('x'))], 'container app depends on x, which the task definition does not have'],
  ['health that nobody looks at', [container(on('b', 'HEALTHY')), container({ name: 'b' })], 'b, which has no check'],
  [
    'volumes of nobody',
    [container({ volumesFrom: [{ sourceContainer: 'x', readOnly: false }] })],
    'takes volumes from x',
  ],
  ['one name twice', [container(), container()], 'the container name app is there more than once'],
  ['none essential', [container({ essential: false })], 'a task has at least one essential container'],
  ['none at all', [], 'a task has at least one container'],
  [
    'a thousand',
    Array.from({ length: 1000 }, (_, at) => container({ name: `c${String(at)}` })),
    'has 10 containers at most',
  ],
  ['a mount over everything', [container(mounted('/'))], 'nothing can be mounted at "/"'],
  ['a mount over the kernel', [container(mounted('//proc/sys'))], 'nothing can be mounted at "//proc/sys"'],
  ['a mount over the kernel, with a dot', [container(mounted('/./sys'))], 'nothing can be mounted at "/./sys"'],
  ['a mount at no place', [container(mounted('data'))], 'nothing can be mounted at "data"'],
])('%s: no task is started', (_, containers, line) => {
  expect(impossibleIn(containers)).toEqual([expect.stringContaining(line)]);
});
