/** What of a template's own language CloudFormation refuses, before it looks at any resource. Pure, on what the template says. */
import { textIn } from './aws/given.ts';
import type { CheckRow, Template } from './check.ts';
import { oddConditions } from './condition-forms.ts';
import { callsIn, missingKey, oddCall } from './functions.ts';
import { callIn, type Variables } from './known-values.ts';
import { namesIn } from './names-in.ts';
import { oddParameter } from './template-parameters.ts';

type Mappings = Parameters<typeof missingKey>[1];

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/outputs-section-structure.html */
const EXPORT_NAME = /^[A-Za-z0-9:-]{1,255}$/;

const isOfResources = ({ name, argument }: { name: string; argument: unknown }, resources: object): boolean =>
  ['Fn::GetAtt', 'Fn::ImportValue', 'Fn::GetAZs'].includes(name) ||
  namesIn(name, argument).some((one) => Object.hasOwn(resources, one));

function oddOutput(id: string, { Value, Export }: Template['Outputs'][string], resources: object): string[] {
  const isTextValue = ['string', 'number', 'boolean'].includes(typeof Value) || callIn(Value)[0] !== '';
  const name = textIn(Export?.Name);
  return [
    ...(Value === undefined ? ['Template format error: Every Outputs member must contain a Value object'] : []),
    ...(Value !== undefined && !isTextValue
      ? ['Template format error: The Value field of every Outputs member must evaluate to a String.']
      : []),
    ...(Export !== undefined && (Export.Name === undefined || (name !== undefined && !EXPORT_NAME.test(name)))
      ? [
          `Template format error: Output ${id} is malformed. The Name field of every Export member must be specified and consist only of alphanumeric characters, colons, or hyphens.`,
        ]
      : []),
    // https://github.com/aws-cloudformation/cfn-lint/issues/1632 quotes it.
    ...(callsIn(Export?.Name, '').some((call) => isOfResources(call, resources))
      ? [
          `Template format error: Output ${id} is malformed. The Name field of Export must not depend on any resources, imported values, or Fn::GetAZs.`,
        ]
      : []),
  ];
}

/**
 * @param template what is deployed
 * @param written the same with what its conditions leave out
 */
export function languageRows(stack: string, template: Template, written: Template, variables: Variables): CheckRow[] {
  const row = (resource: string, type: string, property: string, note: string): CheckRow => ({
    ...{ stack, resource, type, property, note },
    remedy: 'AWS refuses it too: write what it takes',
  });
  const mappings = (template['Mappings'] ?? {}) as Mappings;
  const calls = (id: string, type: string, node: unknown): CheckRow[] =>
    callsIn(node, '').flatMap(({ path, name, argument }) => {
      const note =
        oddCall(name, argument) ?? (name === 'Fn::FindInMap' ? missingKey(argument, mappings, variables) : undefined);
      return note === undefined ? [] : [row(id, type, path, note)];
    });
  return [
    ...Object.entries(written.Parameters).flatMap(([id, parameter]) => {
      const note = oddParameter(id, parameter, Object.hasOwn(variables, id) ? variables[id] : undefined);
      return note === undefined ? [] : [row(id, 'parameter', '', note)];
    }),
    ...oddConditions(written.Conditions, new Set(Object.keys(written.Parameters))).map(([id, note]) =>
      row(id, 'condition', '', note),
    ),
    ...Object.entries(template.Resources).flatMap(([id, { Type, Properties }]) => calls(id, Type, Properties)),
    ...Object.entries(template.Outputs).flatMap(([id, output]) => [
      ...oddOutput(id, output, written.Resources).map((note) => row(id, 'output', '', note)),
      ...calls(id, 'output', { Value: output['Value'], Export: output.Export }),
    ]),
  ];
}
