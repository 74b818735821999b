/** Where everything of the local region lies. */
import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import PORTS from './ports.json' with { type: 'json' };

export const ROOT = join(import.meta.dirname, '../..');
/** Python environments and tools: the same for every region and every test of this checkout. */
export const INSTALLED = join(ROOT, '.highlands');
/** Of one region. Another folder is another region, beside the first; `npm test` has such a one. */
export const STATE = resolve(process.env['HIGHLANDS_STATE_DIR'] ?? INSTALLED);
export const RUN = join(STATE, 'run');
export const LOGS = join(STATE, 'logs');
export const REGION_FILE = join(RUN, 'region.json');
export const AGENT_CONFIG = join(RUN, 'agent.json');
export const PYTHON = join(INSTALLED, 'venv/bin/python');
export const CONTROL_PLANE = join(ROOT, 'local/control-plane');

/** The region's name is AWS's own default; nothing in the templates depends on it. */
export const REGION = 'us-east-1';
/** Of every credential here: https://pypi.org/project/ministack/ */
export const ACCOUNT = '000000000000';
export const FRONT_PORT = PORTS.front;
/** The first region has the ports that people know, where they are free; the others leave them to it. */
const known = (port: number): number => (STATE === INSTALLED ? port : 0);
export const CONSOLE_PORT = known(PORTS.console);
/** Bootstrapped by other local emulators too, so people know it. */
export const ENDPOINT_PORT = known(PORTS.endpoint);

/** Bytes of a socket's path. https://man7.org/linux/man-pages/man7/unix.7.html */
const SOCKET_PATH = 107;
/** The longest below the run folder; the end-to-end test compares it with the sockets of a region. */
export const LONGEST_SOCKET = 's/door-00000000-outside-a.sock';

/** By how many bytes the run folder's path is too long for the sockets below it; 0 when it is not. */
export function longerThanSockets(run: string): number {
  return Math.max(0, Buffer.byteLength(join(run, LONGEST_SOCKET)) - SOCKET_PATH);
}

/** Envoy's binary inside its Python package. @throws Error when the package is not installed */
export function envoyPath(): string {
  const lib = join(INSTALLED, 'venv/lib');
  const python = existsSync(lib) ? readdirSync(lib).find((name) => name.startsWith('python3')) : undefined;
  if (python === undefined)
    throw new Error(`${lib} has no Python: run \`npm start\` or \`npm test\`, which install it`);
  return join(lib, python, 'site-packages/envoy/_bin/envoy');
}
