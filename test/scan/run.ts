/** Runs a scanner without a network: what it knows is what was installed, and it tells nobody what it saw. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { INSTALLED, ROOT } from '../../local/region/paths.ts';

export { INSTALLED, ROOT };

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly output: string;
}

export function run(file: string, args: readonly string[], options: { cwd?: string } = {}): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(file, args, { cwd: ROOT, maxBuffer: 64 * 1024 * 1024, ...options }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 127;
      resolve({ code, stdout, output: `${stdout}${stderr}${code === 127 ? (error?.message ?? '') : ''}` });
    });
  });
}

export function runOffline(file: string, args: readonly string[]): Promise<Outcome> {
  const user = process.getuid?.() === 0 ? [] : ['--user', '--map-root-user'];
  return run('unshare', [...user, '--net', '--', file, ...args]);
}

/** `HighlandsServiceA AWS::Logs::LogGroup`: where a finding is, whatever the option and the logical id. */
export function placeOf(template: string, logicalId: string, stackOf: (template: string) => string): string {
  const { Resources } = JSON.parse(readFileSync(template, 'utf8')) as { Resources: Record<string, { Type: string }> };
  return `${stackOf(template)} ${Resources[logicalId]?.Type ?? logicalId}`;
}
