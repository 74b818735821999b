/** Logs go with the region that wrote them; those of installing, synthesizing and delivering are not. */
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const KEPT = /^(setup-.*|delivery|cdk)\.log/;

export function removeLogs(directory: string): void {
  for (const name of namesIn(directory))
    if (!KEPT.test(name)) rmSync(join(directory, name), { recursive: true, force: true });
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return []; // there never was a region
  }
}
