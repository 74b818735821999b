/** Asks the real Envoy whether it would take a configuration. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { EnvoyConfig } from '../core/mesh.ts';

const STATE = process.env['HIGHLANDS_STATE_DIR'] ?? join(__dirname, '../../../.highlands');

/** @throws Error that says how to get Envoy when it is not there: a test without it would prove nothing */
export function envoyBinary(): string {
  const lib = join(STATE, 'venv/lib');
  try {
    const python = readdirSync(lib).find((name) => name.startsWith('python3')) ?? '';
    return join(lib, python, 'site-packages/envoy/_bin/envoy');
  } catch {
    throw new Error(`${lib} is missing: \`npm test\` installs Envoy there`);
  }
}

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
    execFileSync(envoyBinary(), options, { stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8' });
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error);
    throw new Error(`Envoy refuses the configuration: ${said}`);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
