/** Every permission that a template gives, as one line: who may do what with what. Names that CDK makes are left out. */
import { type CloudFormationTemplate, type EveryTemplate, STAGE, valuesOf } from './system.ts';

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource?: unknown;
  readonly Principal?: string | Readonly<Record<string, unknown>>;
}

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);

/** A reference by the type of what it points at, and the name where the name is the contract. */
function target(name: string, { Resources, Parameters }: CloudFormationTemplate): string {
  const parameter = Parameters[name];
  if (parameter !== undefined) return parameter.Type.startsWith('AWS::SSM::') ? parameter.Default : name;
  return Resources[name]?.Type ?? name;
}

function render(value: unknown, template: CloudFormationTemplate): string {
  if (typeof value !== 'object' || value === null) return String(value);
  const intrinsic = value as Readonly<Record<string, unknown>>;
  const {
    Ref,
    'Fn::GetAtt': attribute,
    'Fn::Join': join,
    'Fn::ImportValue': imported,
    'Fn::Sub': text,
    'Fn::If': either,
  } = intrinsic;
  if (typeof Ref === 'string') return `{${target(Ref, template)}}`;
  if (Array.isArray(attribute)) return `{${target(String(attribute[0]), template)}}`;
  if (typeof text === 'string') return text.replaceAll('${', '{');
  if (Array.isArray(either))
    return either
      .slice(1)
      .map((one) => render(one, template))
      .join(' or ');
  if (imported !== undefined) return `{${render(imported, template)}}`;
  if (Array.isArray(join))
    return list(join[1])
      .map((part) => render(part, template))
      .join(String(join[0]));
  return JSON.stringify(value);
}

/** Services and stages differ in names only; what they may do is reviewed once. */
function general(line: string): string {
  return line
    .replaceAll(`/${STAGE}/highlands/`, '/highlands/')
    .replaceAll(/\/highlands\/service-[a-z0-9-]+\//g, '/highlands/SERVICE/');
}

export function permissionPairs({ template }: Pick<EveryTemplate, 'template'>): string[] {
  return Object.values(template.Resources).flatMap(({ Type, Properties }) =>
    (valuesOf('Statement', Properties) as Statement[][]).flat().flatMap(({ Effect, Action, Resource, Principal }) => {
      const who =
        Principal === undefined
          ? 'the role'
          : Object.values(Principal)
              .flatMap(list)
              .map((one) => render(one, template))
              .join(', ');
      const resources = Resource === undefined ? ['itself'] : list(Resource).map((one) => render(one, template));
      return list(Action).flatMap((action) =>
        resources.map((resource) =>
          general(
            `${Effect} ${who}: ${String(action)} on ${resource}${Type === 'AWS::IAM::Policy' || Type === 'AWS::IAM::Role' ? '' : ` (${Type})`}`,
          ),
        ),
      );
    }),
  );
}
