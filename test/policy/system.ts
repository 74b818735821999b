import { SERVICE_NAMES, type ServiceName } from '@highlands/connected-service';
import type { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';

export type Project = 'base-infra' | ServiceName;
export const projects: readonly Project[] = ['base-infra', ...SERVICE_NAMES];

/** The stacks that are deployed, by project folder: each one is what its `bin/` exports. */
export const stacks = Object.fromEntries(
  projects.map((project) => [project, jest.requireActual<{ stack: Stack }>(`../../${project}/bin/app.ts`).stack]),
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
