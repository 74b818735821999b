/** What tests of the whole region share: commands, what a run leaves on the machine, changed copies of projects. */
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly output: string;
}

/** The first answer that is one, within a minute or as long as six hundred looks take. @throws Error that says what never came true */
export async function eventually<T>(
  what: string,
  look: () => Promise<T | undefined | false> | T | undefined | false,
): Promise<T> {
  for (let attempt = 0; attempt < 600; attempt++) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    await setTimeout(100);
  }
  throw new Error(`it never came true that ${what}`);
}

/** Runs a command to its end, at most half an hour: the first one compiles, on a slow machine for many minutes. */
export function command(
  { cwd, env }: { readonly cwd: string; readonly env?: NodeJS.ProcessEnv },
  file: string,
  args: readonly string[],
): Promise<Outcome> {
  const options = { cwd, env: { ...process.env, ...env }, timeout: 1_800_000, maxBuffer: 64 * 1024 * 1024 };
  return new Promise((resolve) => {
    execFile(file, args, options, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1;
      resolve({ code, stdout, stderr, output: stdout + stderr });
    });
  });
}

export interface Machine {
  readonly interfaces: string[];
  readonly mounts: string[];
  readonly processes: string[];
}

/** The task whose files are mounted where a process is. A mount is named from the root of its file system, not of the machine. */
export function taskMountedIn(pid: number | string, state: string): string | undefined {
  const mark = `${join(basename(dirname(state)), basename(state))}/run/task/`;
  const [, after] = readFileSync(`/proc/${String(pid)}/mountinfo`, 'utf8').split(mark);
  return after?.split('/')[0];
}

/** What a run could leave behind: interfaces, mounts and processes of this tree. */
export function machine(state: string): Machine {
  const processes = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((pid) => {
      try {
        const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
        // What the region starts has its id in the environment; a container has a clean one, but can be told all the same,
        const variables = readFileSync(`/proc/${pid}/environ`, 'utf8');
        const started = ['HIGHLANDS_REGION_ID=', `HIGHLANDS_STATE_DIR=${state}\0`].every((text) =>
          variables.includes(text),
        );
        // as files of its task are mounted in it.
        const mounted = taskMountedIn(pid, state) !== undefined;
        return started || line.includes(state) || mounted ? [line] : [];
      } catch {
        return []; // it ended while it was looked at
      }
    });
  return {
    interfaces: readdirSync('/sys/class/net').sort(),
    mounts: readFileSync('/proc/self/mounts', 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .sort(),
    processes,
  };
}

/** The change that gives service-b more environment variables: `projectCopy` takes it. @param variables as in an object */
export const withVariables = (variables: string): readonly [string, string] => {
  const place = 'aliasPort: 8082,';
  return [place, `${place} environment: { ${variables} },`];
};

/** A copy of a project with one text in one file changed, to deploy a new version without touching the tree. */
export function projectCopy(
  from: string,
  directory: string,
  file: string,
  [before, after]: readonly [string, string],
): string {
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  for (const part of ['bin', 'lib', 'cdk.json', 'package.json'])
    cpSync(join(from, part), join(directory, part), { recursive: true });
  const text = readFileSync(join(directory, file), 'utf8');
  if (!text.includes(before))
    throw new Error(`${from}/${file} no longer has the text that the test changes: ${before}`);
  writeFileSync(join(directory, file), text.replace(before, after));
  return directory;
}
