/** Credentials as Docker keeps them: https://docs.docker.com/reference/cli/docker/login/#credential-stores */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { oneLine } from '../../region/one-line.ts';
import { readJson } from '../../region/read-json.ts';
import { DOCKER_HUB } from '../reference.ts';

/** https://github.com/docker/cli/blob/master/cli/config/types/authconfig.go */
const Auth = z.object({
  auth: z.string().optional(),
  username: z.string().optional(),
  password: z.string().optional(),
  identitytoken: z.string().optional(),
  registrytoken: z.string().optional(),
});
type Auth = z.infer<typeof Auth>;

/** https://github.com/docker/cli/blob/master/cli/config/configfile/file.go */
const Config = z.object({
  auths: z.record(z.string(), Auth).default({}),
  credHelpers: z.record(z.string(), z.string()).default({}),
  credsStore: z.string().optional(),
});
type Config = z.infer<typeof Config>;

/** What a helper prints: https://github.com/docker/docker-credential-helpers#development */
const Helped = z.object({ Username: z.string(), Secret: z.string() });
/** The name that says that the secret is an identity token. */
const TOKEN_USER = '<token>';

export interface Credentials {
  /** `name:password`, for Basic. */
  readonly basic?: string;
  /** It gives tokens for the registry. */
  readonly identityToken?: string;
  /** It opens the registry itself. */
  readonly registryToken?: string;
  /** Why there are none although the configuration names a program that should have them. */
  readonly note?: string;
}

const dockerConfigFile = (environment: NodeJS.ProcessEnv = process.env): string =>
  join(environment['DOCKER_CONFIG'] ?? join(environment['HOME'] ?? homedir(), '.docker'), 'config.json');

/** The names under which a registry may be written; Docker Hub has one of its own. */
const keysOf = (host: string): string[] =>
  (host === DOCKER_HUB ? ['https://index.docker.io/v1/', 'index.docker.io', DOCKER_HUB] : [host]).flatMap((name) => [
    name,
    ...(name.startsWith('https:')
      ? []
      : [`https://${name}`, `https://${name}/v1/`, `https://${name}/v2/`, `http://${name}`]),
  ]);

/** A helper may ask a cloud for a token, and must not be waited for for ever. */
const PATIENCE_MS = 30_000;

interface Ended {
  readonly failed: { readonly code?: string | number | null } | null;
  readonly stdout: string;
  readonly said: string;
}

const ask = (program: string, server: string): Promise<Ended> =>
  new Promise((resolve) => {
    const child = execFile(program, ['get'], { timeout: PATIENCE_MS, env: process.env }, (failed, stdout, stderr) => {
      // What it prints to its output may be a secret, even where it fails.
      resolve({ failed, stdout, said: oneLine(stderr.trim()).slice(0, 160) });
    });
    // One that ends before it reads says why by its exit code.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(server);
  });

const failedWith = (code: string | number | null | undefined, said: string): string =>
  `failed${code === null || code === undefined ? '' : ` (${String(code)})`}${said === '' ? '' : `: ${said}`}`;

async function helped(helper: string, server: string): Promise<Credentials> {
  const program = `docker-credential-${helper}`;
  const { failed, stdout, said } = await ask(program, server);
  if (failed !== null) {
    // The helpers' own sentence for "there are none": https://github.com/docker/docker-credential-helpers/blob/master/credentials/error.go
    if (/credentials not found/i.test(stdout)) return {};
    const why = failed.code === 'ENOENT' ? 'is not in the PATH' : failedWith(failed.code, said);
    return { note: `${program}, which the Docker configuration names, ${why}` };
  }
  try {
    const { Username, Secret } = Helped.parse(JSON.parse(stdout));
    return Username === TOKEN_USER ? { identityToken: Secret } : { basic: `${Username}:${Secret}` };
  } catch {
    return { note: `${program} printed something else than credentials` };
  }
}

function ofEntry({ auth, username, password, identitytoken, registrytoken }: Auth): Credentials {
  if (identitytoken !== undefined && identitytoken !== '') return { identityToken: identitytoken };
  if (registrytoken !== undefined && registrytoken !== '') return { registryToken: registrytoken };
  if (auth !== undefined && auth !== '') return { basic: Buffer.from(auth, 'base64').toString() };
  return username === undefined || password === undefined ? {} : { basic: `${username}:${password}` };
}

function entryIn<T>(entries: Readonly<Record<string, T>>, host: string): [key: string, entry: T] | undefined {
  for (const key of keysOf(host)) {
    const entry = entries[key];
    if (entry !== undefined) return [key, entry];
  }
  return undefined;
}

/** @throws Error in one line when the configuration is there and can't be read */
export async function credentialsFor(host: string, file = dockerConfigFile()): Promise<Credentials> {
  if (!existsSync(file)) return {};
  const config: Config = readJson(file, Config, 'let it be what `docker login` writes');
  const own = entryIn(config.credHelpers, host);
  const helper = own?.[1] ?? config.credsStore;
  const [first = host] = keysOf(host);
  if (helper !== undefined && helper !== '') {
    const found = await helped(helper, own?.[0] ?? first);
    if (found.note !== undefined || Object.keys(found).length > 0) return found;
  }
  const entry = entryIn(config.auths, host);
  return entry === undefined ? {} : ofEntry(entry[1]);
}
