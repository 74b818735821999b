/** The tables of docs/any-app-reference.md: what becomes of each resource type and of each property that is looked at. */
import { z } from 'zod';
import { NO_RECORD_TYPES, RECORD_TYPES } from '../../local/support/record-types.ts';
import { KNOWN_TYPES, SHAPES, typeSupport } from '../../local/support/resource-types.ts';
import type { Rule, Shape } from '../../local/support/rules.ts';
import { markdownTable } from '../markdown.ts';

const cell = (text: string): string => text.replaceAll('|', '\\|');
const code = (text: string): string => `\`${text}\``;

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  markdownTable(head, head.length, rows);

function said(rule: Rule): readonly [string, string] {
  if ('ignored' in rule) return ['no effect', cell(rule.ignored)];
  return 'warned' in rule
    ? ['warning', cell(`${rule.warned}: ${rule.remedy}`)]
    : ['refused', cell(`${rule.refused}: ${rule.remedy}`)];
}

/** The values of a schema that lists them. */
function valuesOf(schema: z.ZodType): string[] {
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodOptional) return valuesOf(schema.unwrap() as z.ZodType);
  const values =
    schema instanceof z.ZodLiteral ? [...schema.values] : schema instanceof z.ZodEnum ? schema.options : [];
  return values.map(String).filter((value) => value !== '' && schema.safeParse(value).success);
}

/** One row for all that take effect, one for each that does not, then the same of the parts. */
function rowsOf({ reads, others, values, parts, required }: Shape, path = ''): string[][] {
  const at = (name: string): string => (path === '' ? name : `${path}.${name}`);
  const effective = reads.filter((name) => !(name in parts) && !(name in values));
  return [
    ...(effective.length === 0 ? [] : [[effective.map((name) => code(at(name))).join(', '), 'taken', '']]),
    ...Object.entries(values).flatMap(([name, { schema, rule, but = {} }]) => {
      const [what, why] = said(rule);
      const isRequired = required.some(({ oneOf }) => oneOf.includes(name));
      const named = valuesOf(schema).map(code).join(', ');
      const others = named === '' ? `other values: ${what}` : `only ${named}, others: ${what}`;
      return [
        [code(at(name)), `${isRequired ? 'needed; ' : ''}${others}`, why],
        ...Object.entries(but).map(([value, one]) => [`${code(at(name))}: ${code(value)}`, ...said(one)]),
      ];
    }),
    ...Object.entries(others).map(([name, rule]) => [code(at(name)), ...said(rule)]),
    ...Object.entries(parts).flatMap(([name, part]) => rowsOf(part, at(name))),
  ];
}

function typeRows(types: readonly string[], named: (types: readonly string[]) => string): string[][] {
  const byNote = new Map<string, string[]>();
  for (const type of types) {
    const support = typeSupport(type);
    const key =
      support.kind === 'runs'
        ? ' takes effect'
        : support.kind === 'record'
          ? support.note
          : `${said(support.rule)[0]}: ${said(support.rule)[1]}`;
    byNote.set(key, [...(byNote.get(key) ?? []), type]);
  }
  return [...byNote].sort(([a], [b]) => a.localeCompare(b)).map(([note, all]) => [named(all), cell(note.trim())]);
}

/** Types that differ in their last part alone are one entry. */
function shortened(types: readonly string[]): string {
  const byService = new Map<string, string[]>();
  for (const type of types) {
    const at = type.lastIndexOf('::') + 2;
    byService.set(type.slice(0, at), [...(byService.get(type.slice(0, at)) ?? []), type.slice(at)]);
  }
  return [...byService].map(([service, names]) => `${service.replace(/^AWS::/, '')} ${names.join(' ')}`).join(', ');
}

/** A service with one type of a kind is named with it, others with how many. */
function counted(types: readonly string[]): string {
  const services = new Set(types.map((type) => type.split('::')[1] ?? ''));
  const entries = [...services].map((service) => {
    const own = types.filter((type) => type.startsWith(`AWS::${service}::`));
    return own.length === 1 ? shortened(own) : `${service} (${own.length})`;
  });
  return entries.join(', ');
}

const RECORDS_ONLY = RECORD_TYPES.filter((type) => !KNOWN_TYPES.includes(type) && !(type in SHAPES));

export function supportTables(): string {
  return [
    ...Object.entries(SHAPES).map(
      ([type, shape]) => `### ${type}\n\n${table(['property', 'here', 'why'], rowsOf(shape))}`,
    ),
    `### Resource types\n\n${table(['types', 'here'], typeRows(KNOWN_TYPES, shortened))}`,
    `### Types that are records alone\n\n${table(['types, or how many of a service', 'here'], typeRows(RECORDS_ONLY, counted))}`,
    `### Types that are refused\n\n${table(
      ['types', 'here'],
      typeRows(NO_RECORD_TYPES, (types) => types.map(code).join(', ')),
    )}`,
  ].join('\n\n');
}
