/** A certificate for `envoy --mode validate`, which wants a real one. Made again for each run: no key is in the repository. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { z } from 'zod';

const script = `
import { PrivateAuthority } from ${JSON.stringify(join(import.meta.dirname, '../certificates/private-authority.ts'))};
const authority = await PrivateAuthority.create('arn:/test');
console.log(JSON.stringify({ ...(await authority.issue('own.ns')), authority: authority.certificate }));
`;
// A test's variants are a table that has to be there before anything can be awaited, hence a program of its own.
const made = execFileSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
  encoding: 'utf8',
});

export const TEST_CERTIFICATE = z
  .object({ certificate: z.string(), privateKey: z.string(), authority: z.string() })
  .parse(JSON.parse(made));
