/** Runs the commands a person would type, and looks at the machine before and after. */
import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, readlinkSync, rmSync, writeFileSync, cpSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

export const ROOT = join(__dirname, '../..');
export const STATE = process.env['HIGHLANDS_STATE_DIR'] ?? join(ROOT, '.highlands');
/** Not 8080: a person may have the region running while the tests run elsewhere. */
export const PORT = Number(process.env['HIGHLANDS_TEST_PORT'] ?? 18_080);
export const URL_OF_B = `http://localhost:${String(PORT)}/?name=Hello`;

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly output: string;
}

/** Runs a command to its end, at most ten minutes (the foreground limit of a cold start is below that). */
export function command(
  file: string,
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(
      file,
      args,
      {
        cwd: options.cwd ?? ROOT,
        env: { ...process.env, ...options.env },
        timeout: 600_000,
        maxBuffer: 64 * 1024 * 1024,
      },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1;
        resolve({ code, stdout, stderr, output: stdout + stderr });
      },
    );
  });
}

export const highlands = (...args: string[]): Promise<Outcome> =>
  command(process.execPath, ['script/main.mjs', ...args]);

/** The variables that `highlands env` prints for the shell. */
export async function regionEnvironment(): Promise<NodeJS.ProcessEnv> {
  const { stdout } = await highlands('env');
  const pairs = [...stdout.matchAll(/^export (\w+)=(.*)$/gm)].map(([, name, value]) => [
    name,
    value?.replace(/^['"]|['"]$/g, ''),
  ]);
  return Object.fromEntries(pairs) as NodeJS.ProcessEnv;
}

/** The ECS, ELB and CloudFormation APIs as any client sees them. */
export async function endpoint(): Promise<string> {
  return z.object({ AWS_ENDPOINT_URL: z.url() }).parse(await regionEnvironment()).AWS_ENDPOINT_URL;
}

export async function curlFrom(service: string, url: string): Promise<Outcome> {
  return highlands('exec', service, '--', 'curl', '-s', '-m', '5', '-w', '\n%{http_code}', url);
}

const Answer = z.object({ key_one: z.string(), key_two: z.string(), key_time: z.string() });

export async function askB(): Promise<z.infer<typeof Answer>> {
  return Answer.parse(await (await fetch(URL_OF_B)).json());
}

/** A copy of a project with one text in one file changed, to deploy a new version without touching the tree. */
export function projectCopy(
  project: string,
  name: string,
  file: string,
  [from, to]: readonly [string, string],
): string {
  const directory = join(STATE, 'e2e', name);
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  for (const part of ['bin', 'lib', 'cdk.json', 'package.json'])
    cpSync(join(ROOT, project, part), join(directory, part), { recursive: true });
  const before = readFileSync(join(directory, file), 'utf8');
  if (!before.includes(from))
    throw new Error(`${project}/${file} no longer has the text that the test changes: ${from}`);
  writeFileSync(join(directory, file), before.replace(from, to));
  return directory;
}

export async function cdkDeploy(directory: string): Promise<Outcome> {
  const cdk = join(ROOT, 'node_modules/.bin/cdk');
  return command(cdk, ['deploy', '--require-approval', 'never', '--all'], {
    cwd: directory,
    env: await regionEnvironment(),
  });
}

export interface Machine {
  readonly interfaces: string[];
  readonly mounts: string[];
  readonly processes: string[];
}

/** What a run could leave behind: interfaces, mounts and processes of this tree. */
export function machine(): Machine {
  const processes = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((pid) => {
      try {
        const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
        // What the region starts has its id in the environment; a container has a clean one, but its root lies here.
        const variables = readFileSync(`/proc/${pid}/environ`, 'utf8');
        const started = ['HIGHLANDS_REGION_ID=', `HIGHLANDS_STATE_DIR=${STATE}\0`].every((text) =>
          variables.includes(text),
        );
        return started || line.includes(STATE) || readlinkSync(`/proc/${pid}/root`).startsWith(STATE) ? [line] : [];
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

export interface Load {
  /** Ends the load and tells what came back. */
  stop(): Promise<{ readonly sent: number; readonly failed: readonly string[] }>;
}

/**
 * Four connections that ask without pause until told to stop: bounded by that, by a count and by a time.
 * Each request is a connection of its own half of the time, so that both new and kept connections are under load.
 */
export function load(url: string): Load {
  const failed: string[] = [];
  let sent = 0;
  let stopped = false;
  const until = Date.now() + 300_000;
  const worker = async (fresh: boolean): Promise<void> => {
    while (!stopped && sent < 200_000 && Date.now() < until) {
      sent += 1;
      try {
        const response = await fetch(url, {
          headers: fresh ? { connection: 'close' } : {},
          signal: AbortSignal.timeout(20_000),
        });
        const body = await response.text();
        if (response.status !== 200) failed.push(`${String(response.status)} ${body}`);
      } catch (error) {
        failed.push(String(error));
      }
    }
  };
  const workers = [true, true, false, false].map(worker);
  return {
    async stop() {
      stopped = true;
      await Promise.all(workers);
      return { sent, failed };
    },
  };
}
