/** Starts registries as Debian has them (docker-registry), on loopback, with what they hold in a folder. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** Of the user `reader`, by `htpasswd -B`. */
export const READER = 'reader:opensesame';
const HTPASSWD = 'reader:$2b$04$/bQueZsrxEYlxz7LhAZGQewuh9afKcqWPT.KfosW4o/ALBmC6PED2\n';

export interface RegistryOptions {
  /** A folder of this registry's own. */
  readonly folder: string;
  /** Where the images are; several registries may have the same. */
  readonly storage: string;
  /** Files, in PEM. */
  readonly tls?: { readonly certificate: string; readonly key: string };
  readonly auth?: 'basic' | { readonly realm: string; readonly service: string; readonly authority: string };
}

export interface ARegistry {
  readonly port: number;
  stop(): Promise<void>;
}

function authOf({ auth, folder }: RegistryOptions): object {
  if (auth === undefined) return {};
  if (auth !== 'basic')
    return {
      auth: { token: { realm: auth.realm, service: auth.service, issuer: 'test', rootcertbundle: auth.authority } },
    };
  const path = join(folder, 'htpasswd');
  writeFileSync(path, HTPASSWD);
  return { auth: { htpasswd: { realm: 'test', path } } };
}

/** https://distribution.github.io/distribution/about/configuration/; JSON is YAML. */
function configurationOf(options: RegistryOptions): string {
  const { storage, tls } = options;
  return JSON.stringify({
    version: '0.1',
    log: { level: 'info', accesslog: { disabled: true } },
    storage: { filesystem: { rootdirectory: storage } },
    http: { addr: '127.0.0.1:0', ...(tls === undefined ? {} : { tls }) },
    ...authOf(options),
  });
}

export async function startRegistry(options: RegistryOptions): Promise<ARegistry> {
  // Of script/setup/test-place.mjs.
  const program = process.env['HIGHLANDS_REGISTRY'];
  if (program === undefined) throw new Error('no registry: `npm test` unpacks one');
  mkdirSync(options.folder, { recursive: true });
  const file = join(options.folder, 'config.yml');
  writeFileSync(file, configurationOf(options));
  const child = spawn(program, ['serve', file], { stdio: ['ignore', 'ignore', 'pipe'] });
  return { port: await portOf(child), stop: () => stopped(child) };
}

/** It says where it listens, as it was given no port. */
async function portOf(child: ChildProcess): Promise<number> {
  const said: string[] = [];
  if (child.stderr === null) throw new Error('the registry has no standard error');
  for await (const line of createInterface({ input: child.stderr })) {
    said.push(line);
    const port = /listening on 127\.0\.0\.1:(\d+)/.exec(line)?.[1];
    if (port === undefined) continue;
    child.stderr.resume();
    return Number(port);
  }
  throw new Error(`the registry ended: ${said.join('\n')}`);
}

async function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}
