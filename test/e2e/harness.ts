/** Runs the commands a person would type, and looks at the machine before and after. */
import { join } from 'node:path';
import { z } from 'zod';
import { ROOT, STATE } from '../../local/region/paths.ts';
import {
  command as commandIn,
  eventually,
  machine as machineOf,
  projectCopy as changedCopy,
  type Machine,
  type Outcome,
} from '../region.ts';

export { ROOT, STATE };
/** Not 8080: a person may have the region running while the tests run elsewhere. */
export const PORT = Number(process.env['HIGHLANDS_TEST_PORT'] ?? 18_080);
export const URL_OF_B = `http://localhost:${String(PORT)}/?name=Hello`;

export { eventually };
export type { Outcome };
export const command = (
  file: string,
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<Outcome> => commandIn({ cwd: ROOT, ...options }, file, args);

export const highlands = (...args: string[]): Promise<Outcome> =>
  command(process.execPath, ['script/main.mjs', ...args]);

const Variables = z
  .object({
    AWS_ENDPOINT_URL: z.url(),
    AWS_REGION: z.string(),
    AWS_ACCESS_KEY_ID: z.string(),
    AWS_SECRET_ACCESS_KEY: z.string(),
  })
  .transform((all) => ({
    endpoint: all.AWS_ENDPOINT_URL,
    region: all.AWS_REGION,
    credentials: { accessKeyId: all.AWS_ACCESS_KEY_ID, secretAccessKey: all.AWS_SECRET_ACCESS_KEY },
  }));
export type ClientSettings = z.output<typeof Variables>;

/** The variables that `highlands env` prints for the shell. */
export async function regionEnvironment(): Promise<NodeJS.ProcessEnv> {
  return environmentIn((await highlands('env')).stdout);
}

/** The variables in what `highlands env` printed. */
export function environmentIn(stdout: string): NodeJS.ProcessEnv {
  const pairs = [...stdout.matchAll(/^export (\w+)=(.*)$/gm)].map(([, name, value]) => [
    name,
    value?.replace(/^['"]|['"]$/g, ''),
  ]);
  return Object.fromEntries(pairs) as NodeJS.ProcessEnv;
}

/** The ECS, ELB and CloudFormation APIs as any client sees them that has what `highlands env` prints. */
export async function clientSettings(environment?: NodeJS.ProcessEnv): Promise<ClientSettings> {
  return Variables.parse(environment ?? (await regionEnvironment()));
}

export async function endpoint(): Promise<string> {
  return (await clientSettings()).endpoint;
}

export async function curlFrom(service: string, url: string): Promise<Outcome> {
  return highlands('exec', service, '--', 'curl', '-s', '-m', '5', '-w', '\n%{http_code}', url);
}

const Answer = z.object({ key_one: z.string(), key_two: z.string(), key_time: z.string() });

export async function askB(): Promise<z.infer<typeof Answer>> {
  return Answer.parse(await (await fetch(URL_OF_B)).json());
}

/** A changed copy of a project, see `region.ts`. */
export function projectCopy(project: string, name: string, file: string, change: readonly [string, string]): string {
  return changedCopy(join(ROOT, project), join(STATE, 'e2e', name), file, change);
}

/** A copy of a project with more settings in its `bin/`. */
export function projectWith(project: string, settings: string): string {
  const count = 'desiredCount: 2,';
  return projectCopy(project, `with-settings-${project}`, 'bin/app.ts', [count, `${count} ${settings}`]);
}

/** Deploys one copy after the other where they are in separate steps, else at once. @throws Error with what cdk said */
export async function deployAll(...steps: readonly (readonly string[])[]): Promise<void> {
  for (const directories of steps) {
    for (const { code, output } of await Promise.all(directories.map(cdkDeploy)))
      if (code !== 0) throw new Error(output);
  }
}

export async function cdkDeploy(directory: string): Promise<Outcome> {
  const cdk = join(ROOT, 'node_modules/.bin/cdk');
  return command(cdk, ['deploy', '--require-approval', 'never', '--all'], {
    cwd: directory,
    env: await regionEnvironment(),
  });
}

export const machine = (): Machine => machineOf(STATE);

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
