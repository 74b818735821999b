/** The functions of a region: who runs them, with which keys, within which walls. */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { AgentConfig } from '../../region/agent-config.ts';
import type { AwsClients } from '../aws/clients.ts';
import type { ControlPlaneChannel } from '../aws/control-plane-channel.ts';
import { PrivateAuthority } from '../certificates/private-authority.ts';
import type { Tools } from '../core/container-command.ts';
import { FUNCTIONS } from '../logs/log-keeper.ts';
import { run as runCommand } from '../runtime/command.ts';
import { runtimeCommand } from '../runtime/oci-runtime.ts';
import { RoleCredentialsSource } from '../task-endpoint/role-credentials.ts';
import { functionApis } from './function-apis.ts';
import { FunctionHost, removeRun } from './function-host.ts';
import { hostRuntime } from './host-runtime.ts';
import { runFunction, type FunctionMachine } from './run-function.ts';
import { bucketName } from './walls-network.ts';

export interface RegionFunctionsParts {
  readonly config: AgentConfig;
  readonly tools: Tools;
  readonly aws: Pick<AwsClients, 'sts'>;
  readonly channel: Pick<ControlPlaneChannel, 'functionsToRun' | 'functionRan'>;
  readonly log: (message: string) => void;
}

export function regionFunctions({ config, tools, aws, channel, log }: RegionFunctionsParts): FunctionHost {
  const credentials = new RoleCredentialsSource(aws.sts);
  let machine: Promise<FunctionMachine> | undefined;
  return new FunctionHost({
    ...{ channel, log },
    directory: join(config.stateDirectory, 'run/function'),
    logDirectory: join(config.stateDirectory, 'logs', FUNCTIONS),
    // Such a name of a session is one whose requests are judged, as those of tasks are.
    keys: ({ id, roleArn }) => credentials.of({ id: id.replaceAll('-', '') }, roleArn),
    run: async (invocation, keys, directory) => {
      // Looked for with the first function; a region without any costs nothing.
      machine ??= machineFor(config, tools, log);
      machine.catch(() => (machine = undefined));
      return runFunction(invocation, keys, directory, await machine);
    },
    remove: (directory) =>
      removeRun(directory, (run) => {
        const id = `${(run.split('/').at(-1) ?? '').replaceAll('-', '')}-bundle`;
        const [program = '', ...options] = runtimeCommand(tools.runtime, join(run, 'runtime'), run, tools.machine);
        return runCommand(program, [...options, 'delete', '--force', id]);
      }),
  });
}

async function machineFor(
  { endpoint, region, rootless }: AgentConfig,
  tools: Tools,
  note: (message: string) => void,
): Promise<FunctionMachine> {
  const authority = await PrivateAuthority.create(`functions/${randomUUID()}`);
  return {
    ...{ tools, rootless, region, note },
    host: await hostRuntime(),
    authority: authority.certificate,
    certificate: await authority.issue(bucketName(region)),
    apis: functionApis(endpoint, false),
    answers: functionApis(endpoint, true),
  };
}
