import { SERVICE_NAMES, type ServiceName } from '@highlands/connected-service';
import type { Stack } from 'aws-cdk-lib';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';

/** The stage that the options named `stage` belong to; its name begins theirs. */
export const STAGE = 'dev';

export type Project = 'base-infra' | ServiceName;
export const projects: readonly Project[] = ['base-infra', ...SERVICE_NAMES];

/** The stacks that are deployed, by project folder: each one is what its `bin/` exports. */
export const stacks = Object.fromEntries(
  await Promise.all(
    projects.map(async (project) => {
      const { stack } = (await import(`../../${project}/bin/app.ts`)) as { stack: Stack };
      return [project, stack] as const;
    }),
  ),
) as Record<Project, Stack>;

export interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly DependsOn?: readonly string[];
}

/** As much of a template as the policies look at. */
export interface CloudFormationTemplate {
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Parameters: Readonly<Record<string, { readonly Type: string; readonly Default: string }>>;
  readonly Outputs?: Readonly<Record<string, { readonly Value: unknown; readonly Export?: { readonly Name: string } }>>;
}

export const templates = Object.fromEntries(
  projects.map((project) => [project, Template.fromStack(stacks[project]).toJSON() as CloudFormationTemplate]),
) as Record<Project, CloudFormationTemplate>;

export interface FoundResource {
  readonly project: Project;
  readonly logicalId: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

function resourcesOf(template: CloudFormationTemplate, type: string | undefined): Omit<FoundResource, 'project'>[] {
  return Object.entries(template.Resources)
    .filter(([, resource]) => type === undefined || resource.Type === type)
    .map(([logicalId, resource]) => ({ logicalId, type: resource.Type, properties: resource.Properties ?? {} }));
}

/** All resources of a type, or of every type, over all stacks as they are deployed by default. */
export function resources(type?: string): FoundResource[] {
  return projects.flatMap((project) =>
    resourcesOf(templates[project], type).map((resource) => ({ project, ...resource })),
  );
}

/** A template that a project may deploy: its default, or with one option switched on. */
export interface EveryTemplate {
  readonly project: Project;
  readonly option: string;
  readonly template: CloudFormationTemplate;
}

/** Options are read as the goldens that their projects' tests hold against the stacks: no second synth. */
export const everyTemplate: readonly EveryTemplate[] = projects.flatMap((project) => [
  { project, option: 'default', template: templates[project] },
  ...goldensOfOptions(project).map(({ option, file }) => ({
    project,
    option,
    template: JSON.parse(readFileSync(file, 'utf8')) as CloudFormationTemplate,
  })),
]);

function goldensOfOptions(project: Project): { option: string; file: string }[] {
  const directory = join(import.meta.dirname, '..', '..', project, 'test', 'variants');
  if (!existsSync(directory)) return [];
  return readdirSync(directory).map((name) => ({ option: name.split('.')[0] ?? name, file: join(directory, name) }));
}

/** All resources of a type, or of every type, with every option. */
export function everyResource(type?: string): (FoundResource & { readonly option: string })[] {
  return everyTemplate.flatMap(({ project, option, template }) =>
    resourcesOf(template, type).map((resource) => ({ project, option, ...resource })),
  );
}

/** Every value of `key` at any depth. */
export function valuesOf(key: string, node: unknown): unknown[] {
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([name, value]: [string, unknown]) => [
    ...(name === key ? [value] : []),
    ...valuesOf(key, value),
  ]);
}
