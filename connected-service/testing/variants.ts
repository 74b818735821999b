import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Stack } from 'aws-cdk-lib';
import { expectGolden } from './golden.ts';

/** A project's stack, each time with one option switched on, by the name of the option: kebab-case, as its golden. */
export type Variants = Readonly<Record<string, Stack>>;

/** The tests of a project's options: each has its golden in `directory`/variants, and no golden is without an option. */
export function testVariants(variants: Variants, directory: string): void {
  const goldens = join(directory, 'variants');

  test.each(Object.entries(variants))(
    '%s: the template is the reviewed one, and synth warns of nothing',
    (option, stack) => {
      // Where CDK prints what it warns of.
      const warnings = jest.spyOn(console, 'error').mockImplementation();
      expectGolden(stack, goldens, option);
      expect(warnings.mock.calls).toEqual([]);
      warnings.mockRestore();
    },
  );

  test('every golden of an option belongs to one', () => {
    const names = Object.keys(variants).map((option) => `${option}.template.json`);
    expect(readdirSync(goldens).sort()).toEqual(names.sort());
  });
}
