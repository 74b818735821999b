import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RUN } from './paths.ts';
import { sdkVariables } from './sdk-variables.ts';

const own = { PATH: '/bin', AWS_PROFILE: 'real', AWS_ACCESS_KEY_ID: 'real' };

test('a command in a task has the variables of its first container for SDKs, and none of the caller’s', () => {
  const taskId = 'f'.repeat(32);
  const bundle = join(RUN, 'task', taskId, '0');
  mkdirSync(bundle, { recursive: true });
  const env = [
    'PATH=/image',
    'AWS_REGION=eu-west-1',
    'ECS_CONTAINER_METADATA_URI_V4=http://x/v4/1?a=b',
    'TOKEN=secret',
  ];
  writeFileSync(join(bundle, 'config.json'), JSON.stringify({ process: { env } }));
  expect(sdkVariables({ taskId }, own)).toEqual({
    PATH: '/bin',
    AWS_REGION: 'eu-west-1',
    ECS_CONTAINER_METADATA_URI_V4: 'http://x/v4/1?a=b',
  });
  expect(sdkVariables({ taskId: 'none' }, own)).toEqual({ PATH: '/bin' });
});

test('a container that has no configuration of its own, as a collector, does not count', () => {
  const taskId = 'e'.repeat(32);
  for (const index of ['0', '2', '10']) {
    const bundle = join(RUN, 'task', taskId, index);
    mkdirSync(bundle, { recursive: true });
    const config = JSON.stringify({ process: { env: [`AWS_REGION=of-${index}`] } });
    if (index !== '0') writeFileSync(join(bundle, 'config.json'), config);
  }
  expect(sdkVariables({ taskId }, {})).toEqual({ AWS_REGION: 'of-2' });
});

test('elsewhere it has what its caller has', () => {
  expect(sdkVariables(undefined, own)).toEqual(own);
});
