/** The steps in which projects deploy, and where CDK's own words go meanwhile. */
import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ListrTask } from 'listr2';
import { LOGS } from '../region/paths.ts';
import { synth, type Cdk } from './cdk.ts';
import type { Project } from './projects.ts';
import { watchedStep } from './waiting/while-waiting.ts';

/** CDK's own words go to a file; the screen has the steps. */
export function noteCdk(line: string): void {
  try {
    // A synth may be the first thing that a new state folder sees.
    mkdirSync(LOGS, { recursive: true });
    appendFileSync(join(LOGS, 'cdk.log'), `${line}\n`);
  } catch {
    // A full disk costs the words, not the deploy.
  }
}

/** The assembly directory of each project, as soon as it is there. */
export type Assemblies = ReadonlyMap<Project, Promise<string>>;

/** Begins all syntheses at once; one that fails is heard of when its project deploys. */
export function synthAll(projects: readonly Project[]): Assemblies {
  const assemblies = new Map(projects.map((project) => [project, synth(project)]));
  for (const assembly of assemblies.values()) assembly.catch(() => undefined);
  return assemblies;
}

/** One step for each row of the deploy order; projects of a row deploy at the same time. */
export function deploySteps(
  cdk: () => Cdk,
  assemblies: Assemblies,
  rows: readonly (readonly Project[])[],
  stage?: string,
): ListrTask[] {
  return rows
    .map((row) => row.filter((project) => assemblies.has(project)))
    .filter((row) => row.length > 0)
    .map((row) =>
      watchedStep({
        title: `deploy ${row.join(' and ')}`,
        run: async (say) => {
          await Promise.all(
            row.map(async (project) => {
              const assembly = await assemblies.get(project);
              if (assembly !== undefined) await cdk().deploy(project, assembly, stage, say);
            }),
          );
        },
      }),
    );
}
