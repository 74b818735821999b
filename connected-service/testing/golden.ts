import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';

/**
 * Compares a stack with the committed `<name>.template.json` in `directory`. The golden is the whole template as
 * it is deployed, so that a review sees what a change does to the cloud. `UPDATE_GOLDENS=1` writes it again.
 */
export function expectGolden(stack: Stack, directory: string, name = stack.stackName): void {
  const file = join(directory, `${name}.template.json`);
  const template: unknown = Template.fromStack(stack).toJSON();
  if (process.env['UPDATE_GOLDENS'] === '1') {
    writeFileSync(file, `${JSON.stringify(template, null, 2)}\n`);
    return;
  }
  if (!existsSync(file)) {
    throw new Error(`${file} is missing; run the test with UPDATE_GOLDENS=1 and review what it writes`);
  }
  const golden: unknown = JSON.parse(readFileSync(file, 'utf8'));
  expect(template).toEqual(golden);
}
