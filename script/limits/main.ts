/** `npm run limits`: what a proxy costs in a mesh of any size, measured on a real Envoy; writes docs/limits.md. Two minutes at most. */
import { execFileSync } from 'node:child_process';
import { arch, availableParallelism } from 'node:os';
import { envoyPath } from '../../local/region/paths.ts';
import { runSteps } from '../../local/terminal/rendering.ts';
import { writeTables } from '../generated-part.ts';
import { limitsTables, SIZES } from './document.ts';
import { measure, type Measurement } from './measure.ts';

/** `…/envoy  version: 0cd…/1.40.0/Clean/RELEASE/BoringSSL` */
function envoyVersion(): string {
  const [, version = ''] =
    /\/(\d+\.\d+\.\d+)\//.exec(execFileSync(envoyPath(), ['--version'], { encoding: 'utf8' })) ?? [];
  return `Envoy ${version}`;
}

try {
  const measured: Measurement[] = [];
  await runSteps(
    SIZES.map((size) => ({
      title: `${String(size.services)} services of ${String(size.tasks)} tasks`,
      task: async () => void measured.push(await measure(size)),
    })),
  );
  const machine = {
    ...{ cores: availableParallelism(), architecture: arch(), envoy: envoyVersion() },
    date: new Date().toISOString().slice(0, 10),
  };
  const tables = limitsTables(measured, machine);
  writeTables('docs/limits.md', 'npm run limits', tables);
  console.log(`\n${tables}`);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
