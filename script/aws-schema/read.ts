/** What the check before the deploy knows of AWS's own resource schemas, in the version of cfn-lint that is pinned for development. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { z } from 'zod';
import { PYTHON } from '../../local/region/paths.ts';
import { ANSWERED_TYPES, JUDGED_TYPES } from '../../local/support/resource-types.ts';

export const TABLE = 'local/support/aws/schemas.json';

const Read = z.object({
  schemas: z.record(z.string(), z.unknown()),
  attributes: z.record(z.string(), z.array(z.string())),
});

function isRegExp(pattern: string): boolean {
  try {
    return new RegExp(pattern, 'u').source !== '';
  } catch {
    return false;
  }
}

/** Some patterns are written for Java alone, such as `\\p{Print}`: what they exclude is for CloudFormation to say. */
function withoutForeign(key: string, value: unknown): unknown {
  return key === 'pattern' && typeof value === 'string' && !isRegExp(value) ? undefined : value;
}

/** A type on each line, so that a diff says which ones changed. */
function lines(types: Readonly<Record<string, unknown>>): string {
  return Object.entries(types)
    .map(([type, value]) => `${JSON.stringify(type)}: ${JSON.stringify(value, withoutForeign)}`)
    .join(',\n');
}

/** @returns the text of the table */
export function schemaTable(): string {
  const asked = JSON.stringify({ schemas: JUDGED_TYPES, attributes: ANSWERED_TYPES });
  const script = join(import.meta.dirname, 'read_schemas.py');
  // The schemas are read from thousands of files: more than Node's 1 MiB of output at the most.
  const text = execFileSync(PYTHON, [script], { input: asked, encoding: 'utf8', maxBuffer: 16 * 1024 * 1024 });
  const { schemas, attributes } = Read.parse(JSON.parse(text));
  return `{"schemas": {\n${lines(schemas)}\n}, "attributes": {\n${lines(attributes)}\n}}\n`;
}
