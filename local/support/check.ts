/** Looks through the templates of an app before anything starts. */
import { z } from 'zod';
import { findingsIn } from './findings.ts';
import { SHAPES, typeSupport } from './resource-types.ts';

export const Template = z.looseObject({
  Parameters: z
    .record(z.string(), z.looseObject({ Type: z.string(), Default: z.coerce.string().optional() }))
    .default({}),
  Outputs: z
    .record(
      z.string(),
      z.looseObject({
        Condition: z.string().optional(),
        Export: z.looseObject({ Name: z.unknown().optional() }).optional(),
      }),
    )
    .default({}),
  Conditions: z.record(z.string(), z.unknown()).default({}),
  Resources: z.record(
    z.string(),
    z.looseObject({
      Type: z.string(),
      Condition: z.string().optional(),
      Properties: z.record(z.string(), z.unknown()).default({}),
    }),
  ),
});
export type Template = z.infer<typeof Template>;

export interface CheckRow {
  readonly stack: string;
  readonly resource: string;
  readonly type: string;
  /** Empty when the whole resource is meant. */
  readonly property: string;
  readonly note: string;
  /** Absent where it is left out without harm. */
  readonly remedy: string | undefined;
}

export function checkTemplate(stack: string, template: Template): CheckRow[] {
  return Object.entries(template.Resources).flatMap(([resource, { Type: type, Properties }]): CheckRow[] => {
    const row = { stack, resource, type };
    const support = typeSupport(type);
    if (support.kind === 'refused')
      return [{ ...row, property: '', note: support.rule.refused, remedy: support.rule.remedy }];
    if (support.kind === 'record') return [{ ...row, property: '', note: support.note, remedy: undefined }];
    const rules = SHAPES[type];
    if (rules === undefined) return [];
    return findingsIn(rules, Properties).map(({ path, note, remedy }) => ({ ...row, property: path, note, remedy }));
  });
}

/** Records and ignored properties of one kind are one line, however many there are. */
export function ignoredLines(rows: readonly CheckRow[]): string[][] {
  const lines = new Map<string, { readonly what: string; readonly note: string; count: number }>();
  for (const { type, property, note, remedy } of rows) {
    if (remedy !== undefined) continue;
    const what = property === '' ? type : `${type} ${property.replaceAll(/\[[^\]]*\]/g, '')}`;
    const line = lines.get(`${what} ${note}`) ?? { what, note, count: 0 };
    line.count += 1;
    lines.set(`${what} ${note}`, line);
  }
  return [...lines.values()].map(({ what, note, count }) => [what, String(count), note]);
}
