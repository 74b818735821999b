/** In which order stacks deploy: after those whose exports they import and whose SSM parameters they read. */
import { z } from 'zod';
import { Complaint } from '../region/complaint.ts';

const Named = z.looseObject({ Type: z.string(), Properties: z.record(z.string(), z.unknown()).optional() });
const Template = z.looseObject({
  Resources: z.record(z.string(), Named),
  Parameters: z.record(z.string(), z.looseObject({ Default: z.unknown().optional() })).default({}),
  Outputs: z
    .record(z.string(), z.looseObject({ Export: z.looseObject({ Name: z.unknown().optional() }).optional() }))
    .default({}),
});
type Template = z.infer<typeof Template>;

/** The names of the exports that a template makes. */
export function exportsOf({ Outputs }: Pick<Template, 'Outputs'>): unknown[] {
  return Object.values(Outputs).flatMap(({ Export }) => (Export === undefined ? [] : [Export.Name]));
}

/** The names of the SSM parameters that a template writes. */
export function parametersWritten({ Resources }: Pick<Template, 'Resources'>): unknown[] {
  const parameters = Object.values(Resources).filter(({ Type }) => Type === 'AWS::SSM::Parameter');
  return parameters.map(({ Properties }) => Properties?.['Name']);
}

function takes({ Resources, Parameters }: Template): unknown[] {
  return [...Object.values(Parameters).flatMap(({ Default }) => Default ?? []), ...importsIn(Resources)];
}

/** The names of the exports that a template imports. */
export function importsIn(node: unknown): unknown[] {
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([key, value]: [string, unknown]) =>
    key === 'Fn::ImportValue' ? [value] : importsIn(value),
  );
}

/**
 * @param templates CloudFormation templates by the name of their project
 * @returns rows of names: a row needs only the rows before it, its members nothing of each other
 * @throws Complaint when projects need each other in a circle: none of them could be first
 */
export function deployRows<Name extends string>(templates: ReadonlyMap<Name, unknown>): Name[][] {
  const parsed = [...templates].map(([name, template]) => [name, Template.parse(template)] as const);
  const needs = new Map(
    parsed.map(([name, template]) => {
      const wanted = new Set(takes(template));
      const from = parsed.filter(
        ([other, made]) =>
          other !== name && [...exportsOf(made), ...parametersWritten(made)].some((given) => wanted.has(given)),
      );
      return [name, from.map(([other]) => other)];
    }),
  );
  const rows: Name[][] = [];
  while (needs.size > 0) {
    const row = [...needs].filter(([, from]) => !from.some((name) => needs.has(name))).map(([name]) => name);
    if (row.length === 0)
      throw new Complaint(
        `${[...needs.keys()].join(', ')} need each other, and none can deploy first: let one do without what the others export or write`,
      );
    for (const name of row) needs.delete(name);
    rows.push(row);
  }
  return rows;
}
