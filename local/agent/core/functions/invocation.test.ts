import { exited, functionContainer, functionEnvironment, timedOut, type Invocation } from './invocation.ts';

const INVOCATION: Invocation = {
  id: 'id',
  name: 'f',
  arn: 'arn:aws:lambda:us-east-1:000000000000:function:f',
  version: '$LATEST',
  runtime: 'python3.12',
  handler: 'index.handler',
  timeoutSeconds: 3,
  memoryMiB: 128,
  roleArn: 'arn:aws:iam::000000000000:role/r',
  environment: { WORD: 'x', _HANDLER: 'another', NODE_PATH: '/own' },
  logGroup: '/aws/lambda/f',
  event: '{}',
  code: '',
  layers: [],
};

test('a function has its own variables, but for those that Lambda keeps to itself', () => {
  const keys = { AccessKeyId: 'key', SecretAccessKey: 'secret', Token: 'token' };
  expect(functionEnvironment(INVOCATION, keys, 'us-east-1', 'stream')).toMatchObject({
    WORD: 'x',
    NODE_PATH: '/own',
    _HANDLER: 'index.handler',
    AWS_ACCESS_KEY_ID: 'key',
    AWS_SESSION_TOKEN: 'token',
    AWS_ENDPOINT_URL: 'http://203.0.113.20:443',
    AWS_LAMBDA_RUNTIME_API: '203.0.113.20:443',
    AWS_LAMBDA_LOG_STREAM_NAME: 'stream',
  });
});

test('one whose role is not there has no key of anybody', () => {
  const environment = functionEnvironment(INVOCATION, undefined, 'us-east-1', 'stream');
  expect(Object.keys(environment).filter((name) => /KEY|TOKEN/.test(name))).toEqual([]);
});

test('it runs as a user without rights, within its memory', () => {
  const container = functionContainer(INVOCATION, { python: '/usr/bin/python3', node: '/var/lang/bin/node' });
  expect(container).toMatchObject({ user: 'sbx_user1051', memoryMiB: 128, capabilities: { add: [] } });
  expect(container.entryPoint).toEqual([
    '/usr/bin/python3',
    '/var/runtime/start.py',
    'python3.12',
    '/var/lang/bin/node',
  ]);
});

test('how it ended without an answer is said as Lambda says it', () => {
  expect(timedOut(INVOCATION, 'id').errorMessage).toBe('RequestId: id Error: Task timed out after 3.00 seconds');
  expect(exited('id', 3).errorMessage).toBe('RequestId: id Error: Runtime exited with error: exit status 3');
});
