/** Asks the real Envoy whether it would take a configuration. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { envoyPath } from '../../front/region/paths.ts';
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
