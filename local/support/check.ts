/** Looks through the templates of an app before anything starts. */
import { z } from 'zod';
import { refusalsIn } from './aws/refusals.ts';
import { findingsIn, said } from './findings.ts';
import { isListType, knownIn, type Variables } from './known-values.ts';
import { ownOf } from '../aws-shapes/own.ts';
import { customRefusal, FUNCTION, isCustom, notRun } from './custom-resources.ts';
import { SHAPES, typeSupport } from './resource-types.ts';
import { warned } from './rules.ts';

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
  /** Whether the app runs all the same, and what the note says may harm it; the remedy is what may be done then. */
  readonly isWarning?: true;
}

export const isRefused = ({ remedy, isWarning }: CheckRow): boolean => remedy !== undefined && isWarning !== true;

/** A template with the values that are known, in the place of the functions that give them. */
export function known(template: Template, variables: Variables): Template {
  const lists = new Set(
    Object.entries(template.Parameters).flatMap(([name, { Type }]) => (isListType(Type) ? [name] : [])),
  );
  const Resources = Object.entries(template.Resources).map(([id, resource]) => [
    id,
    { ...resource, Properties: knownIn(resource.Properties, variables, lists) as Record<string, unknown> },
  ]);
  return { ...template, Resources: Object.fromEntries(Resources) as Template['Resources'] };
}

/** What AWS would refuse. @param template with the values that are known */
export function refusedByAws(stack: string, template: Template): CheckRow[] {
  return refusalsIn(template.Resources).map(([resource, { path, note }]) => ({
    ...{ stack, resource, type: template.Resources[resource]?.Type ?? '', property: path, note },
    remedy: 'AWS refuses it too: give what it takes',
  }));
}

const LET_GO = 'let the app go on without what it would do';

export function checkTemplate(stack: string, template: Template): CheckRow[] {
  return Object.entries(template.Resources).flatMap(([resource, { Type: type, Properties }]): CheckRow[] => {
    const row = { stack, resource, type };
    const support = typeSupport(type);
    if (support.kind === 'refused')
      return [{ ...row, property: '', note: support.rule.refused, remedy: support.rule.remedy }];
    const why = isCustom(type) ? customRefusal(resource, template.Resources) : undefined;
    if (why !== undefined) return [{ ...row, property: '', note: why.refused, remedy: why.remedy }];
    const idle = type === FUNCTION ? notRun(Properties) : undefined;
    if (idle !== undefined) return [{ ...row, property: '', ...said(warned(idle, LET_GO)) }];
    if (support.kind === 'record') return [{ ...row, property: '', note: support.note, remedy: undefined }];
    if (support.kind === 'warned') return [{ ...row, property: '', ...said(support.rule) }];
    const rules = ownOf(SHAPES, type);
    if (rules === undefined) return [];
    return findingsIn(rules, Properties).map(({ path, ...found }) => ({ ...row, property: path, ...found }));
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
