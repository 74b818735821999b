/** The files of one run of a function: what is in its root beside the machine's runtimes, and where the runtime of containers keeps its own. */
import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AUTHORITY_FILE, FUNCTION_USER, MODULES, type Invocation } from '../core/functions/invocation.ts';
import type { HostRuntime } from './host-runtime.ts';
import { BUCKET_ADDRESS } from './walls-network.ts';

export interface FunctionFiles {
  /** What is the function's root before it writes anything. */
  readonly root: string;
  readonly bundle: string;
  readonly runtimeDirectory: string;
  readonly logFile: string;
  readonly ofTask: { readonly hosts: string; readonly hostname: string; readonly resolv: string };
}

/** The function writes there; on AWS into /tmp alone, and its code is there before it. */
const WRITABLE = ['tmp', 'var/task', 'opt'];

export async function makeFiles(
  directory: string,
  invocation: Invocation,
  { links, programs }: Pick<HostRuntime, 'links' | 'programs'>,
  own: { readonly authority: string; readonly bucket: string },
): Promise<FunctionFiles> {
  const root = join(directory, 'root');
  const file = (name: string): string => join(directory, name);
  for (const name of [...WRITABLE, 'etc', 'var/code', 'var/lang/bin'])
    await mkdir(join(root, name), { recursive: true });
  // Beside what umask takes away.
  for (const name of WRITABLE) await chmod(join(root, name), 0o1777);
  for (const [name, target] of links) await symlink(target, join(root, name));
  // Programs of layers begin with it.
  for (const name of ['python', 'python3']) await symlink(programs.python, join(root, 'var/lang/bin', name));
  // Modules look for others in the folders above them; NODE_PATH is for `require` alone.
  await symlink(MODULES, join(root, 'var/node_modules'));
  const { name: user, uid, gid } = FUNCTION_USER;
  await writeFile(join(root, 'etc/passwd'), `${user}:x:${String(uid)}:${String(gid)}::/tmp:/bin/false\n`);
  await writeFile(join(root, 'etc/group'), `${user}:x:${String(gid)}:\n`);
  await writeFile(join(root, AUTHORITY_FILE), own.authority);
  // The layers in their order, as a later one lies over those before it.
  const layers = invocation.layers.map((zip, index) => [`layer-${String(index).padStart(2, '0')}`, zip] as const);
  for (const [name, zip] of [['function', invocation.code] as const, ...layers])
    await writeFile(join(root, 'var/code', `${name}.zip`), Buffer.from(zip, 'base64'));
  await writeFile(file('hosts'), `127.0.0.1 localhost\n${BUCKET_ADDRESS} ${own.bucket}\n`);
  await writeFile(file('hostname'), 'function\n');
  // Nobody answers names there.
  await writeFile(file('resolv.conf'), '');
  await mkdir(file('bundle'), { mode: 0o700 });
  return {
    ...{ root, bundle: file('bundle'), runtimeDirectory: file('runtime'), logFile: file('log') },
    ofTask: { hosts: file('hosts'), hostname: file('hostname'), resolv: file('resolv.conf') },
  };
}
