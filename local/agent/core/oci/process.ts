/** What runs in a container: the container definition over the image, as ECS has it. */
import type { ImageSettings } from '../container-command.ts';
import type { ContainerDefinition } from '../task-definition.ts';
import { capabilityNames, capabilitySets } from './capabilities.ts';
import type { OciProcess, OciUser } from './config.ts';
import type { Machine } from './machine.ts';
import { rlimitsOf } from './rlimits.ts';
import { userIn, type UserLists } from './users.ts';

/** What Docker sets when an image sets none. */
const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

export interface ProcessParts {
  readonly definition: ContainerDefinition;
  readonly image: ImageSettings;
  readonly lists: UserLists;
  /** Variables whose values come from Secrets Manager or parameters. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Variables that Fargate gives. */
  readonly ofTask: Readonly<Record<string, string>>;
  readonly hostname: string;
  readonly machine: Machine;
}

/**
 * A new entry point drops the image's command too.
 * @returns the process, and a line for each thing of the definition that this machine does not allow
 * @throws Error when there is nothing to run or the user isn't known
 */
export function ociProcess(parts: ProcessParts): { readonly process: OciProcess; readonly notes: readonly string[] } {
  const { definition, image, lists, secrets, ofTask, hostname, machine } = parts;
  const command = definition.command ?? (definition.entryPoint === undefined ? image.cmd : []);
  const args = [...(definition.entryPoint ?? image.entrypoint), ...command];
  if (args.length === 0)
    throw new Error(`container ${definition.name}: neither the image nor the container definition has a command`);
  const fromImage = Object.fromEntries(
    // One without a value is the runtime's own affair in Docker, and none here.
    image.env
      .filter((pair) => pair.indexOf('=') > 0 && !pair.includes('\0'))
      .map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
  );
  // Docker gives the host's name too, and the runtime HOME.
  const environment = {
    PATH: DEFAULT_PATH,
    HOSTNAME: hostname,
    ...fromImage,
    ...ofTask,
    ...definition.environment,
    ...secrets,
  };
  // No other user exists in a user namespace with one mapped id. Who it would have been is looked up all the same.
  const named = userOf(definition, image, lists);
  const user = machine.rootless ? { uid: 0, gid: 0, additionalGids: [] } : named;
  const { rlimits, clamped } = rlimitsOf(definition.ulimits, machine.ceiling);
  const capabilities = capabilityNames(definition.capabilities, machine.cgroups !== undefined);
  return {
    process: {
      terminal: false,
      user,
      args,
      env: Object.entries(environment).map(([name, value]) => `${name}=${value}`),
      cwd: definition.workingDirectory ?? (image.workingDirectory || '/'),
      capabilities: capabilitySets(capabilities, user.uid),
      rlimits,
      noNewPrivileges: true,
    },
    notes: clamped.map((line) => `container ${definition.name}: ${line}`),
  };
}

/** @throws Error in the words of ECS */
function userOf({ name, user }: ContainerDefinition, image: ImageSettings, lists: UserLists): OciUser {
  try {
    return userIn(user ?? image.user, lists);
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    throw new Error(`CannotStartContainerError: container ${name}: ${said}`);
  }
}
