/** How a container's process is started: pure text, from the image's configuration and the container definition. */
import type { ContainerDefinition } from './region-state.ts';

export interface ImageSettings {
  readonly entrypoint: readonly string[];
  readonly cmd: readonly string[];
  /** `NAME=VALUE` */
  readonly env: readonly string[];
  readonly user: string;
  readonly workingDirectory: string;
}

export interface ProcessSettings {
  /** Options of prlimit. */
  readonly limits: readonly string[];
  readonly argv: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly uid: number;
  readonly gid: number;
  readonly workingDirectory: string;
}

/** What Docker sets when an image sets none. */
const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/**
 * Docker's capabilities for a container less mknod and net_raw; without net_admin no task can change its redirects.
 * https://docs.docker.com/engine/containers/run/#runtime-privilege-and-linux-capabilities
 */
const CAPABILITIES = [
  'chown',
  'dac_override',
  'fowner',
  'fsetid',
  'kill',
  'setgid',
  'setuid',
  'setpcap',
  'net_bind_service',
  'sys_chroot',
  'setfcap',
];

/**
 * The container definition over the image, as ECS has it: a new entry point drops the image's command too.
 * @param passwd content of the image's /etc/passwd, for users given by name
 * @param secrets variables whose values come from Secrets Manager or parameters
 * @throws Error when there is nothing to run or the user isn't known
 */
export function processSettings(
  definition: ContainerDefinition,
  image: ImageSettings,
  passwd: string,
  secrets: Readonly<Record<string, string>> = {},
): ProcessSettings {
  const command = definition.command ?? (definition.entryPoint === undefined ? image.cmd : []);
  const argv = [...(definition.entryPoint ?? image.entrypoint), ...command];
  if (argv.length === 0)
    throw new Error(`container ${definition.name}: neither the image nor the container definition has a command`);
  const fromImage = Object.fromEntries(
    image.env.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
  );
  return {
    argv,
    limits: definition.ulimits.map(({ name, soft, hard }) => `--${name}=${String(soft)}:${String(hard)}`),
    environment: { PATH: DEFAULT_PATH, ...fromImage, ...definition.environment, ...secrets },
    ...userIds(definition.user ?? image.user, passwd, definition.name),
    workingDirectory: definition.workingDirectory ?? (image.workingDirectory || '/'),
  };
}

function userIds(user: string, passwd: string, container: string): { uid: number; gid: number } {
  const [name = '', group] = user.split(':');
  if (name === '') return { uid: 0, gid: 0 };
  const entry = passwd
    .split('\n')
    .map((line) => line.split(':'))
    .find((fields) => fields[0] === name || fields[2] === name);
  const uid = /^\d+$/.test(name) ? Number(name) : Number(entry?.[2] ?? NaN);
  const gid = group === undefined ? Number(entry?.[3] ?? 0) : Number(group);
  if (Number.isNaN(uid) || Number.isNaN(gid)) {
    throw new Error(
      `container ${container}: user "${user}" is not in the image's /etc/passwd: give numbers such as 65532:65532`,
    );
  }
  return { uid, gid };
}

/** The tools' absolute paths: inside `env -i` there is no PATH of ours to find them by. */
export interface Tools {
  readonly nsenter: string;
  readonly prlimit: string;
  readonly setpriv: string;
  readonly unshare: string;
}

/**
 * The command line that becomes the container's process, from within its namespaces: a clean environment, fewer
 * capabilities, the container's root, and its user.
 * @param rootless no other user exists in a user namespace with one mapped id, so the user stays
 */
export function containerCommand(settings: ProcessSettings, view: string, tools: Tools, rootless: boolean): string[] {
  const bounding = ['-all', ...CAPABILITIES.map((capability) => `+${capability}`)].join(',');
  return [
    ...['env', '-i', ...Object.entries(settings.environment).map(([name, value]) => `${name}=${value}`)],
    ...(settings.limits.length === 0 ? [] : [tools.prlimit, ...settings.limits]),
    ...[tools.setpriv, '--no-new-privs', '--inh-caps=-all', `--bounding-set=${bounding}`],
    ...[tools.unshare, `--root=${view}`, `--wd=${settings.workingDirectory}`],
    ...(rootless ? [] : ['--setgid', String(settings.gid), '--setuid', String(settings.uid)]),
    ...['--', ...settings.argv],
  ];
}

/** The command of a container health check; `NONE` turns one off. */
export function healthCheckArgv(command: readonly string[]): string[] | undefined {
  const [kind, ...rest] = command;
  if (kind === 'NONE') return undefined;
  if (kind === 'CMD-SHELL') return ['/bin/sh', '-c', rest.join(' ')];
  return kind === 'CMD' ? rest : [...command];
}
