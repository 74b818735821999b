import { type FoundResource, type Project, projects, resources, templates } from './system.ts';

interface Intrinsic {
  readonly Ref?: string;
  readonly 'Fn::GetAtt'?: readonly [string, string];
  readonly 'Fn::ImportValue'?: string;
}

/** What a reference ends at, followed through parameters and exports into the stack that owns it. */
export function resolve(project: Project, value: unknown): FoundResource {
  if (typeof value !== 'object' || value === null) throw new Error(`${JSON.stringify(value)} is no reference`);
  const intrinsic: Intrinsic = value;
  if (intrinsic['Fn::ImportValue'] !== undefined) return resolveExport(intrinsic['Fn::ImportValue']);
  const logicalId = intrinsic['Fn::GetAtt']?.[0] ?? intrinsic.Ref;
  if (logicalId === undefined) throw new Error(`Cannot follow ${JSON.stringify(value)}`);
  const parameter = templates[project].Parameters[logicalId];
  if (parameter !== undefined) return resolveParameter(parameter.Default);
  const resource = templates[project].Resources[logicalId];
  if (resource === undefined) throw new Error(`${project} has no ${logicalId}`);
  return { project, logicalId, type: resource.Type, properties: resource.Properties ?? {} };
}

function resolveParameter(name: string): FoundResource {
  const parameter = resources('AWS::SSM::Parameter').find(({ properties }) => properties['Name'] === name);
  if (parameter === undefined) throw new Error(`No stack writes the parameter ${name}`);
  return resolve(parameter.project, parameter.properties['Value']);
}

function resolveExport(name: string): FoundResource {
  for (const project of projects) {
    for (const output of Object.values(templates[project].Outputs ?? {})) {
      if (output.Export?.Name === name) return resolve(project, output.Value);
    }
  }
  throw new Error(`No stack exports ${name}`);
}
