/** Where everything of the local region lies. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

export const ROOT = join(import.meta.dirname, '../../..');
export const STATE = process.env['HIGHLANDS_STATE_DIR'] ?? join(ROOT, '.highlands');
export const RUN = join(STATE, 'run');
export const LOGS = join(STATE, 'logs');
export const REGION_FILE = join(RUN, 'region.json');
export const AGENT_CONFIG = join(RUN, 'agent.json');
export const PYTHON = join(STATE, 'venv/bin/python');
export const CONTROL_PLANE = join(ROOT, 'local/control-plane');

/** The region's name is AWS's own default; nothing in the templates depends on it. */
export const REGION = 'us-east-1';
/** Of every credential here: https://pypi.org/project/ministack/ */
export const ACCOUNT = '000000000000';
export const FRONT_PORT = 8080;
/** Any free one when it is taken. */
export const CONSOLE_PORT = 8081;

/** Envoy's binary inside its Python package. @throws Error when the package is not installed */
export function envoyPath(): string {
  const lib = join(STATE, 'venv/lib');
  const python = readdirSync(lib).find((name) => name.startsWith('python3'));
  if (python === undefined) throw new Error(`${lib} has no Python: run \`npm start\`, which installs it`);
  return join(lib, python, 'site-packages/envoy/_bin/envoy');
}
