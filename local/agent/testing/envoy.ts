/** The real Envoy in tests: whether it would take a configuration, and what it does with it. */
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { freePort as freePortOf } from '../../region/free-port.ts';
import { envoyPath } from '../../region/paths.ts';
import { askSocket } from '../../region/socket-http.ts';
import type { EnvoyConfig } from '../core/mesh.ts';

/** Runs `envoy --mode validate` with files beside the configuration. @throws Error with Envoy's own complaint */
export function validate(config: EnvoyConfig, files: Readonly<Record<string, EnvoyConfig>> = {}): void {
  const directory = mkdtempSync(join(tmpdir(), 'envoy-validate-'));
  try {
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(dirname(join(directory, name)), { recursive: true });
      writeFileSync(join(directory, name), JSON.stringify(content));
    }
    const text = JSON.stringify(config).replaceAll('@directory@', directory);
    writeFileSync(join(directory, 'envoy.json'), text);
    const options = ['--mode', 'validate', '-c', join(directory, 'envoy.json'), '-l', 'error'];
    execFileSync(envoyPath(), options, { stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8' });
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error);
    throw new Error(`Envoy refuses the configuration: ${said}`);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** An Envoy that serves for the length of a test. */
export interface ServingEnvoy {
  /** Calls its admin interface. */
  readonly admin: (path: string) => Promise<string>;
  readonly log: () => string;
  readonly stop: () => Promise<void>;
}

/**
 * Starts a real Envoy and waits until it is LIVE.
 * @param directory for its socket, its configuration and its log
 */
export async function serve(config: EnvoyConfig, directory: string): Promise<ServingEnvoy> {
  const socketPath = join(directory, 'admin.sock');
  const admin = { address: { pipe: { path: socketPath } } };
  writeFileSync(join(directory, 'envoy.json'), JSON.stringify({ ...config, admin }));
  const log = openSync(join(directory, 'envoy.log'), 'a');
  const options = [
    '-c',
    join(directory, 'envoy.json'),
    '--disable-hot-restart',
    '--concurrency',
    '1',
    '-l',
    'warning',
    '--file-flush-interval-msec',
    '100',
  ];
  const child = spawn(envoyPath(), options, { stdio: ['ignore', 'ignore', log] });
  const ask = async (path: string): Promise<string> =>
    (await askSocket({ socketPath, path, timeout: 30_000 }, 'Envoy does not answer')).body;
  const ended = new Promise<void>((resolve) => child.once('exit', resolve));
  const said = (): string => readFileSync(join(directory, 'envoy.log'), 'utf8');
  for (;;) {
    if (child.exitCode !== null) throw new Error(`Envoy ended: ${said()}`);
    if ((await ask('/ready').catch(() => '')).startsWith('LIVE')) break;
    await setTimeout(20);
  }
  const stop = (): Promise<void> => {
    child.kill('SIGKILL');
    return ended;
  };
  return { admin: ask, log: said, stop };
}

/** A port of the loopback that is free now. */
export async function freePort(): Promise<number> {
  const port = await freePortOf(0);
  if (port === undefined) throw new Error('no port is free');
  return port;
}
