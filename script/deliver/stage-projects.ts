/** What the projects deploy in a stage: each is synthesised once, whichever steps of a delivery want it. */
import { CloudAssembly } from '@aws-cdk/cloud-assembly-api';
import { DEFAULT_STAGE, SERVICE_NAMES } from '@highlands/connected-service/names';
import { synth } from '../../local/deploy/cdk.ts';
import type { Assemblies } from '../../local/deploy/deploy-steps.ts';
import type { Project } from '../../local/deploy/projects.ts';
import { Complaint } from '../../local/region/complaint.ts';
import type { Architecture } from '../../local/images/oci.ts';
import { missingArchitectures } from './architectures.ts';

export class StageProjects {
  readonly #stage: string;
  readonly #assemblies = new Map<Project, Promise<string>>();

  constructor(stage: string) {
    this.#stage = stage;
  }

  /** The directory of its cloud assembly. */
  assembly(project: Project): Promise<string> {
    const assembly = this.#assemblies.get(project) ?? synth(project);
    // One that fails is heard of when a step wants it.
    assembly.catch(() => undefined);
    this.#assemblies.set(project, assembly);
    return assembly;
  }

  assemblies(projects: readonly Project[]): Assemblies {
    return new Map(projects.map((project) => [project, this.assembly(project)]));
  }

  /** @throws Complaint when the project has no such stage */
  async templates(project: Project): Promise<unknown[]> {
    return stageTemplates(project, await this.assembly(project), this.#stage);
  }

  /** @throws Complaint with what would not start, where images are for these processors */
  async requireArchitectures(architectures: readonly Architecture[]): Promise<void> {
    const templates = SERVICE_NAMES.map(async (service) => [service, await this.templates(service)] as const);
    const lacking = missingArchitectures(architectures, new Map(await Promise.all(templates)));
    if (lacking.length > 0) throw new Complaint(lacking.join('\n'));
  }
}

function stageTemplates(project: Project, directory: string, stage: string): unknown[] {
  const assembly = new CloudAssembly(directory);
  // CDK makes an assembly of its own for each stage: https://docs.aws.amazon.com/cdk/v2/guide/stages.html
  const own =
    stage === DEFAULT_STAGE
      ? assembly
      : assembly.nestedAssemblies.find(({ displayName }) => displayName === stage)?.nestedAssembly;
  if (own === undefined || own.stacks.length === 0)
    throw new Complaint(
      stage === DEFAULT_STAGE
        ? `${project} has stages only: name one with --stage`
        : `${project} has no stage "${stage}": add it to ${project}/bin/app.ts, as docs/options.md shows`,
    );
  return own.stacks.map(({ template }): unknown => template);
}
