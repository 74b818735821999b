/** Runs a function in Node by Lambda's runtime API: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html */
import { existsSync } from 'node:fs';
import { request } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const { env } = process;
const [host, port] = (env.AWS_LAMBDA_RUNTIME_API ?? '').split(':');

function call(method, path, body = '') {
  return new Promise((resolve, reject) => {
    const asked = request({ host, port, method, path: `/2018-06-01/runtime/${path}` }, (answer) => {
      const parts = [];
      answer.on('data', (part) => parts.push(part));
      answer.on('end', () => resolve({ headers: answer.headers, text: Buffer.concat(parts).toString() }));
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

function described(error) {
  const { name = 'Error', message = String(error), stack = '' } = error ?? {};
  console.error('Invoke Error', stack || message);
  return JSON.stringify({ errorType: name, errorMessage: message, trace: String(stack).split('\n') });
}

/** `folder/file.name`, whose name may be a path of exported members. */
async function load() {
  const handler = env._HANDLER ?? '';
  const [, folder, file, member] = /^(.*\/)?([^./]+)\.(.+)$/.exec(handler) ?? [];
  if (file === undefined) throw new Error(`Bad handler ${handler}`);
  const base = join(env.LAMBDA_TASK_ROOT ?? '', folder ?? '', file);
  const found = ['.js', '.mjs', '.cjs'].map((ending) => base + ending).find((path) => existsSync(path));
  if (found === undefined) throw new Error(`Cannot find module '${file}'`);
  const require = createRequire(join(env.LAMBDA_TASK_ROOT ?? '', '/'));
  let module;
  try {
    if (found.endsWith('.mjs')) throw Object.assign(new Error(), { code: 'ERR_REQUIRE_ESM' });
    module = require(found);
  } catch (error) {
    if (error.code !== 'ERR_REQUIRE_ESM') throw error;
    module = await import(pathToFileURL(found).href);
  }
  const made = member.split('.').reduce((value, key) => value?.[key], module) ?? module.default?.[member];
  if (typeof made !== 'function') throw new Error(`${handler} is undefined or not exported`);
  return made;
}

/** https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html */
const contextOf = (headers, done) => ({
  callbackWaitsForEmptyEventLoop: true,
  functionName: env.AWS_LAMBDA_FUNCTION_NAME,
  functionVersion: env.AWS_LAMBDA_FUNCTION_VERSION,
  invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
  memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
  awsRequestId: headers['lambda-runtime-aws-request-id'],
  logGroupName: env.AWS_LAMBDA_LOG_GROUP_NAME,
  logStreamName: env.AWS_LAMBDA_LOG_STREAM_NAME,
  getRemainingTimeInMillis: () => Math.max(0, Number(headers['lambda-runtime-deadline-ms']) - Date.now()),
  done,
  succeed: (result) => done(null, result),
  fail: (error) => done(error ?? new Error('failed')),
});

/** Of a function with a callback as of one that promises. One that does neither is over when nothing is left to do: then the answer is null. */
function run(handler, event, headers) {
  return new Promise((resolve, reject) => {
    const done = (error, result) => {
      if (error === null || error === undefined) resolve(result);
      else reject(error);
    };
    const over = () => resolve(null);
    process.once('beforeExit', over);
    const returned = handler(event, contextOf(headers, done), done);
    if (typeof returned?.then === 'function') {
      process.off('beforeExit', over);
      returned.then(resolve, reject);
    }
  });
}

let handler;
try {
  handler = await load();
} catch (error) {
  await call('POST', 'init/error', described(error));
  process.exit(1);
}
const { headers, text } = await call('GET', 'invocation/next');
const where = `invocation/${headers['lambda-runtime-aws-request-id']}`;
const failed = (error) => call('POST', `${where}/error`, described(error)).then(() => process.exit(1));
process.on('uncaughtException', failed);
process.on('unhandledRejection', failed);
try {
  const result = await run(handler, JSON.parse(text), headers);
  await call('POST', `${where}/response`, JSON.stringify(result) ?? 'null');
  process.exit(0);
} catch (error) {
  await failed(error);
}
