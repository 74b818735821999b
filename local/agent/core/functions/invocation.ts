/** A function of Lambda that is to run, and how: plain data. */
import { API_ENDPOINT } from '../network/api-way.ts';
import type { ContainerDefinition } from '../task-definition.ts';

/** As the control plane describes it. */
export interface Invocation {
  readonly id: string;
  readonly name: string;
  readonly arn: string;
  readonly version: string;
  readonly runtime: string;
  readonly handler: string;
  readonly timeoutSeconds: number;
  readonly memoryMiB: number;
  readonly roleArn: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly logGroup: string;
  /** JSON. */
  readonly event: string;
  /** Zips, as base64. */
  readonly code: string;
  readonly layers: readonly string[];
}

/** https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html */
export interface FunctionError {
  readonly errorType: string;
  readonly errorMessage: string;
}

/** What came of it: the JSON that it answered, or an error as Lambda has it. */
export type Outcome = ({ readonly payload: string } | { readonly error: FunctionError }) & { readonly log: string };

export interface Keys {
  readonly AccessKeyId: string;
  readonly SecretAccessKey: string;
  readonly Token: string;
}

/** Where the programs of the runtimes are within the walls. */
export interface RuntimePrograms {
  readonly python: string;
  readonly node: string;
}

/** In the walls; no name, since everything there asks for it by address. */
const RUNTIME_API = `${API_ENDPOINT.host}:${String(API_ENDPOINT.port)}`;
/** Of the walls' own authority, which signs for CloudFormation's bucket. */
export const AUTHORITY_FILE = '/etc/highlands-authority.pem';
export const MODULES = '/var/lang/node_modules';
export const PACKAGES = '/var/lang/packages';
/** As on AWS, where nobody else is: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html */
export const FUNCTION_USER = { name: 'sbx_user1051', uid: 993, gid: 990 };

/** https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime */
export function functionEnvironment(
  invocation: Invocation,
  keys: Keys | undefined,
  region: string,
  logStream: string,
): Readonly<Record<string, string>> {
  const { environment, handler, logGroup, memoryMiB, name, runtime, version } = invocation;
  return {
    PATH: '/var/lang/bin:/usr/local/bin:/usr/bin:/bin:/opt/bin',
    LD_LIBRARY_PATH: '/var/task:/var/task/lib:/opt/lib',
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
    HOME: '/tmp',
    // Nothing else is reached by TLS, so nobody else is to be trusted.
    SSL_CERT_FILE: AUTHORITY_FILE,
    REQUESTS_CA_BUNDLE: AUTHORITY_FILE,
    NODE_EXTRA_CA_CERTS: AUTHORITY_FILE,
    NODE_PATH: `/opt/nodejs/node_modules:${MODULES}`,
    PYTHONPATH: `/var/task:/opt/python:/var/runtime:${PACKAGES}`,
    PYTHONDONTWRITEBYTECODE: '1',
    // Which Node this machine has is not the function's affair.
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    ...environment,
    _HANDLER: handler,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_EXECUTION_ENV: `AWS_Lambda_${runtime}`,
    AWS_ENDPOINT_URL: `http://${RUNTIME_API}`,
    AWS_LAMBDA_FUNCTION_NAME: name,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMiB),
    AWS_LAMBDA_FUNCTION_VERSION: version,
    AWS_LAMBDA_LOG_GROUP_NAME: logGroup,
    AWS_LAMBDA_LOG_STREAM_NAME: logStream,
    AWS_LAMBDA_RUNTIME_API: RUNTIME_API,
    LAMBDA_TASK_ROOT: '/var/task',
    LAMBDA_RUNTIME_DIR: '/var/runtime',
    ...(keys === undefined
      ? {}
      : {
          AWS_ACCESS_KEY_ID: keys.AccessKeyId,
          AWS_SECRET_ACCESS_KEY: keys.SecretAccessKey,
          AWS_SESSION_TOKEN: keys.Token,
        }),
  };
}

const FILE_BYTES = 512 * 1024 * 1024;

/** The container that it runs in: the walls of a task, without a network of a task. */
export const functionContainer = ({ memoryMiB, runtime }: Invocation, { python, node }: RuntimePrograms) =>
  ({
    name: 'function',
    image: 'function',
    essential: true,
    entryPoint: [python, '/var/runtime/start.py', runtime, node],
    command: undefined,
    environment: {},
    secrets: {},
    user: FUNCTION_USER.name,
    workingDirectory: '/',
    readonlyRootFilesystem: false,
    stopTimeoutSeconds: 0,
    portMappings: [],
    mountPoints: [],
    volumesFrom: [],
    tmpfs: [],
    // Those of Lambda: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
    ulimits: [
      { name: 'nofile', soft: 1024, hard: 1024 },
      // Of each file, its output too; on AWS /tmp has 512 MB.
      { name: 'fsize', soft: FILE_BYTES, hard: FILE_BYTES },
    ],
    capabilities: { add: [], drop: [] },
    cpuUnits: undefined,
    memoryMiB,
    healthCheck: undefined,
    dependsOn: [],
  }) satisfies ContainerDefinition;

/** What Lambda says of one that took longer than it may. */
export const timedOut = ({ timeoutSeconds }: Invocation, id: string): FunctionError => ({
  errorType: 'Sandbox.Timedout',
  errorMessage: `RequestId: ${id} Error: Task timed out after ${timeoutSeconds.toFixed(2)} seconds`,
});

/** What it says of one whose process ended before it answered. */
export const exited = (id: string, status: number | undefined): FunctionError => ({
  errorType: 'Runtime.ExitError',
  errorMessage: `RequestId: ${id} Error: Runtime exited with error: exit status ${String(status ?? 'unknown')}`,
});
