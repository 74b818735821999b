/**
 * The CDK projects in the order in which they deploy; projects of one row need nothing of each other. The order is read
 * off the committed templates, which a test holds equal to what is deployed.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SERVICE_NAMES, type ServiceName } from '@highlands/connected-service/names';
import { deployRows } from './deploy-rows.ts';
import { ROOT } from '../region/paths.ts';

export type Project = 'base-infra' | ServiceName;

/** The template of a project as it was last reviewed. */
export function committedTemplate(project: Project): unknown {
  const directory = join(ROOT, project, 'test');
  const file = readdirSync(directory).find((name) => name.endsWith('.template.json'));
  if (file === undefined) throw new Error(`${directory} has no template: write it with \`UPDATE_GOLDENS=1 npx jest\``);
  return JSON.parse(readFileSync(join(directory, file), 'utf8'));
}

export const DEPLOY_ORDER: readonly (readonly Project[])[] = deployRows(
  new Map((['base-infra', ...SERVICE_NAMES] as const).map((project) => [project, committedTemplate(project)])),
);
export const PROJECTS: readonly Project[] = DEPLOY_ORDER.flat();
