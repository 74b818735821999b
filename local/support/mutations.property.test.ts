import fc from 'fast-check';
import { Complaint } from '../front/region/complaint.ts';
import { checkRows } from './testing/check-lines.ts';
import { app } from './testing/odd-app.ts';

const templates: readonly unknown[] = [
  app({}),
  app({
    container: {
      Environment: [{ Name: 'A', Value: { 'Fn::Sub': '${Vpc.CidrBlock}' } }],
      HealthCheck: { Command: ['CMD', '/x'] },
    },
  }),
  {
    ...app({ service: { DesiredCount: { Ref: 'Count' } } }),
    Parameters: { Count: { Type: 'Number', Default: 1 }, Kinds: { Type: 'CommaDelimitedList', Default: 'a,b' } },
    Conditions: { Two: { 'Fn::Equals': [{ Ref: 'Count' }, '2'] } },
    Outputs: { Name: { Condition: 'Two', Value: { 'Fn::GetAtt': ['Service', 'Name'] }, Export: { Name: 'x' } } },
  },
];

type Path = readonly (string | number)[];

/** Every place in a template. */
function placesIn(node: unknown, path: Path = []): Path[] {
  if (typeof node !== 'object' || node === null) return [path];
  return [path, ...Object.entries(node).flatMap(([key, member]) => placesIn(member, [...path, key]))];
}

function withValue(node: unknown, [step, ...more]: Path, value: unknown): unknown {
  if (step === undefined) return value;
  if (Array.isArray(node))
    return node.map((one: unknown, index) => (index === Number(step) ? withValue(one, more, value) : one));
  const members = Object.entries(node as Record<string, unknown>);
  return Object.fromEntries(members.map(([key, one]) => [key, key === step ? withValue(one, more, value) : one]));
}

const ODD = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    '',
    -1,
    0,
    1.5,
    1e21,
    true,
    'true',
    [],
    {},
    [[]],
    [null],
    '\0',
    '../..',
    '__proto__',
    'FARGATE',
  ),
  fc.constantFrom<unknown>(
    { Ref: 'Nope' },
    { Ref: 5 },
    { 'Fn::If': [] },
    { 'Fn::GetAtt': 'x' },
    { 'Fn::Sub': ['${a.b}'] },
    { 'Fn::Select': ['x'] },
    { 'Fn::Join': [] },
  ),
  fc.jsonValue({ maxDepth: 3 }),
);

function check(template: unknown): void {
  for (const row of checkRows(JSON.stringify(template))) {
    expect(row.note).not.toBe('');
    expect(row.remedy).not.toBe('');
  }
}

/** By seed, so that what fails once fails again; more of them at night. */
const runs = Number(process.env['FUZZ_RUNS'] ?? 1000);

test('a template that is changed anywhere is checked, or refused with a line', () => {
  const places = templates.map((template) => placesIn(template));
  const changed = fc.nat(templates.length - 1).chain((index) =>
    fc.array(fc.tuple(fc.constantFrom(...(places[index] ?? [])), ODD), { minLength: 1, maxLength: 3 }).map((changes) =>
      changes.reduce<unknown>((template, [path, value]) => {
        try {
          return withValue(template, path, value);
        } catch {
          return template; // an earlier change took the place away
        }
      }, templates[index]),
    ),
  );
  fc.assert(
    fc.property(changed, (template) => {
      try {
        check(template);
      } catch (error) {
        if (!(error instanceof Complaint)) throw error;
        expect(error.message).toMatch(/^odd (?:is no template: |needs |has )/);
      }
    }),
    { numRuns: runs, seed: 1 },
  );
});
