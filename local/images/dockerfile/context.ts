/** The files of a build context, without what .dockerignore leaves out. */
import dockerignore from '@balena/dockerignore';
import { existsSync, readdirSync, readFileSync, type Dirent } from 'node:fs';
import { join } from 'node:path';

/** Of the Dockerfile alone, or of the context: https://docs.docker.com/build/concepts/context/#filename-and-location */
function rulesOf(directory: string, dockerFile: string): string {
  const file = [`${dockerFile}.dockerignore`, '.dockerignore']
    .map((name) => join(directory, name))
    .find((name) => existsSync(name));
  return file === undefined ? '' : readFileSync(file, 'utf8');
}

/** By path below the context. A directory is there whose files may be taken in again by a rule. */
export function contextFiles(directory: string, dockerFile?: string): Map<string, Dirent> {
  const rules = dockerignore.default().add(dockerFile === undefined ? '' : rulesOf(directory, dockerFile));
  const found = new Map<string, Dirent>();
  const walk = (below: string): void => {
    for (const entry of readdirSync(join(directory, below), { withFileTypes: true })) {
      const path = join(below, entry.name);
      if (!rules.ignores(path)) found.set(path, entry);
      if (entry.isDirectory()) walk(path);
    }
  };
  walk('');
  return found;
}
