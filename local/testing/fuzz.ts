/**
 * One kit for every fuzz target: inputs begin as good ones, and something in them is changed. `npm test` runs a thousand of
 * them from one seed, so that what fails once fails again; the nightly workflow a hundred thousand from another one each
 * night (`FUZZ_RUNS`). A failure says its seed: `FUZZ_SEED=<seed> npx jest <file>` repeats it.
 */
import fc from 'fast-check';

const inNight = process.env['FUZZ_RUNS'];
const RUNS = Number(inNight ?? 1000);
const SEED = Number(process.env['FUZZ_SEED'] ?? (inNight === undefined ? 1 : Date.now() % 2 ** 31));

/** A case that hangs is one that failed; the longest takes milliseconds. */
const HANGS_MS = 20_000;

/** @param share of the runs, for a target whose cases are files */
const bounds = (share: number) => ({ numRuns: Math.ceil(RUNS * share), seed: SEED });

export function fuzz<T>(inputs: fc.Arbitrary<T>, check: (input: T) => void, share = 1): void {
  fc.assert(fc.property(inputs, check), bounds(share));
}

export async function fuzzSlow<T>(
  inputs: fc.Arbitrary<T>,
  check: (input: T) => Promise<void>,
  share = 1,
): Promise<void> {
  await fc.assert(fc.asyncProperty(inputs, check), { ...bounds(share), plugins: [fc.timeout(HANGS_MS)] });
}

/** How long jest waits for a target: a thousand cases are seconds, a hundred thousand may be an hour. */
export const FUZZ_TIMEOUT_MS = inNight === undefined ? 60_000 : 60 * 60_000;

/** What stands in the place of a value: of other kinds, at the limits, and what means something to somebody. */
export const ODD: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(null, undefined, '', -1, 0, 1.5, 1e21, 2 ** 53, true, 'true', [], {}, [[]], [null]),
  fc.constantFrom<unknown>(
    ...['\0', 'a\nb', '../..', '/', '/proc/self', '-x', '--help', '$(id)', '%s', 'x'.repeat(70_000), 'é\u202e'],
    ...[
      '__proto__',
      'constructor',
      'NaN',
      '-1',
      '65536',
      '1e3',
      '10.0.0.0/33',
      '0.0.0.0/0',
      'arn:aws:s3:::x',
      'FARGATE',
    ],
  ),
  fc.jsonValue({ maxDepth: 3 }),
);

type Path = readonly (string | number)[];

function placesIn(node: unknown, path: Path = []): Path[] {
  if (typeof node !== 'object' || node === null) return [path];
  return [path, ...Object.entries(node).flatMap(([key, member]) => placesIn(member, [...path, key]))];
}

function withValue(node: unknown, [step, ...more]: Path, value: unknown): unknown {
  if (step === undefined) return value;
  // An earlier change took the place away.
  if (typeof node !== 'object' || node === null) return node;
  if (Array.isArray(node))
    return node.map((one: unknown, index) => (index === Number(step) ? withValue(one, more, value) : one));
  const members = Object.entries(node as Record<string, unknown>);
  return Object.fromEntries(members.map(([key, one]) => [key, key === step ? withValue(one, more, value) : one]));
}

function valueAt(node: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (here, step) => (typeof here === 'object' && here !== null ? (here as Record<string, unknown>)[step] : undefined),
    node,
  );
}

/** A good value with one to three changes: another value, a member that is gone, two that changed places, one twice. */
export function mutated(good: readonly unknown[], odd: fc.Arbitrary<unknown> = ODD): fc.Arbitrary<unknown> {
  return fc.constantFrom(...good).chain((base) => {
    const place = fc.constantFrom(...placesIn(base));
    const change = fc.oneof(
      { weight: 4, arbitrary: fc.tuple(place, odd) },
      // A member of the same value: a name that two have, a list within itself.
      { weight: 1, arbitrary: fc.tuple(place, place).map(([to, from]): [Path, unknown] => [to, valueAt(base, from)]) },
      {
        weight: 1,
        arbitrary: place.map((path): [Path, unknown] => {
          const here = valueAt(base, path);
          return [path, Array.isArray(here) ? [...(here as unknown[]), ...(here as unknown[])] : undefined];
        }),
      },
    );
    return fc
      .array(change, { minLength: 1, maxLength: 3 })
      .map((changes) => changes.reduce<unknown>((value, [path, by]) => withValue(value, path, by), base));
  });
}

/** A value as JSON; `null` for what JSON does not know. */
export const jsonOf = (value: unknown): string => JSON.stringify([value]).slice(1, -1);

/** What means something to JSON and YAML, and what does not. */
const SIGNS = fc.oneof(fc.string({ maxLength: 8 }), fc.constantFrom(...Array.from('{}[]&*!:-?|>%@`"\'#,\t\n\0')));

/** A text with a piece of it changed, gone, or there again. */
export function mutatedText(good: readonly string[]): fc.Arbitrary<string> {
  return fc
    .constantFrom(...good)
    .chain((text) =>
      fc
        .record({ from: fc.nat(text.length), to: fc.nat(text.length), by: SIGNS, cuts: fc.boolean() })
        .map(({ from, to, by, cuts }) => text.slice(0, from) + by + text.slice(cuts ? Math.max(from, to) : from)),
    );
}

export function numbersIn(value: unknown): number[] {
  if (typeof value === 'number') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(numbersIn) : [];
}
