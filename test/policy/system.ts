import { Template } from 'aws-cdk-lib/assertions';
import { stack as baseInfra } from '../../base-infra/bin/app.ts';
import { stack as serviceA } from '../../service-a/bin/app.ts';
import { stack as serviceB } from '../../service-b/bin/app.ts';
import { stack as serviceC } from '../../service-c/bin/app.ts';

/** The stacks that are deployed, by project folder. */
export const stacks = {
  'base-infra': baseInfra,
  'service-a': serviceA,
  'service-b': serviceB,
  'service-c': serviceC,
} as const;
export type Project = keyof typeof stacks;
export const projects = Object.keys(stacks) as Project[];

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

/** All resources of a type, or of every type, over all stacks. */
export function resources(type?: string): FoundResource[] {
  return projects.flatMap((project) =>
    Object.entries(templates[project].Resources)
      .filter(([, resource]) => type === undefined || resource.Type === type)
      .map(([logicalId, resource]) => ({
        project,
        logicalId,
        type: resource.Type,
        properties: resource.Properties ?? {},
      })),
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
