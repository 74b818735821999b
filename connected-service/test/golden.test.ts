import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CfnOutput, Stack } from 'aws-cdk-lib';
import { newApp } from '../src/index.ts';
import { expectGolden } from '../testing/index.ts';

// A stack of one output, which CDK's own validation would refuse, is enough here.
process.env['CDK_VALIDATION'] = 'false';

function stackWith(value: string): Stack {
  const stack = new Stack(newApp(), 'Test');
  new CfnOutput(stack, 'Value', { value });
  return stack;
}

let directory: string;
const update = process.env['UPDATE_GOLDENS'];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'highlands-golden-'));
  delete process.env['UPDATE_GOLDENS'];
});
afterEach(() => {
  rmSync(directory, { recursive: true });
  if (update !== undefined) process.env['UPDATE_GOLDENS'] = update;
});

test('a missing golden is an error that says what to do', () => {
  expect(() => {
    expectGolden(stackWith('one'), directory);
  }).toThrow('UPDATE_GOLDENS=1');
});

test('an update writes it, an equal stack passes, another one does not', () => {
  process.env['UPDATE_GOLDENS'] = '1';
  expectGolden(stackWith('one'), directory);
  delete process.env['UPDATE_GOLDENS'];
  expectGolden(stackWith('one'), directory);
  expect(() => {
    expectGolden(stackWith('two'), directory);
  }).toThrow();
});

test('key order and layout of the golden do not matter', () => {
  process.env['UPDATE_GOLDENS'] = '1';
  expectGolden(stackWith('one'), directory);
  delete process.env['UPDATE_GOLDENS'];
  const file = join(directory, 'Test.template.json');
  const golden = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  writeFileSync(file, JSON.stringify(Object.fromEntries(Object.entries(golden).reverse())));
  expectGolden(stackWith('one'), directory);
});
