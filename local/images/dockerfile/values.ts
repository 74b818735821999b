/** Values that an instruction has from elsewhere, or in a form of its own. */
import { machineArchitecture } from '../oci.ts';
import type { Step } from './stages.ts';
import type { Owner } from './tree.ts';

export const at = ({ line, keyword }: Step, why: string): Error =>
  new Error(`line ${String(line)}, ${keyword}: ${why}`);

/** What Docker knows without being told: https://docs.docker.com/reference/dockerfile/#automatic-platform-args-in-the-global-scope */
export function platformArguments(): Record<string, string> {
  const architecture = machineArchitecture();
  const platform = `linux/${architecture}`;
  const names = ['TARGET', 'BUILD'];
  return Object.fromEntries(
    names.flatMap((name) => [
      [`${name}PLATFORM`, platform],
      [`${name}OS`, 'linux'],
      [`${name}ARCH`, architecture],
    ]),
  );
}

/** Users by number alone: a name is in a file of an image that has one. */
export function ownerIn(step: Step, text: string): Owner {
  const [user = '', group = user] = text.split(':');
  const number = (name: string): number => {
    if (name === 'root') return 0;
    if (/^\d+$/.test(name)) return Number(name);
    throw at(step, `--chown=${text} names a user, which an image from scratch has none of`);
  };
  return { uid: number(user), gid: number(group) };
}
