/** cfn-lint and checkov over every committed template: every finding is an exception with a reason, and still found. */
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { CFN_LINT_EXCEPTIONS, CHECKOV_EXCEPTIONS, type TemplateException } from '../policy/exceptions.ts';
import { placeOf, ROOT, runOffline, INSTALLED } from './run.ts';

const templates = execFileSync('git', ['ls-files', '*.template.json', '.github/*.template.json'], {
  cwd: ROOT,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => /^(base-infra|service-[^/]+)\/test\/|^\.github\//.test(file));

/** The stack of a golden: an option's golden lies below that of its stack. */
function stackOf(template: string): string {
  const [project = ''] = template.split('/');
  if (project === '.github') return basename(template, '.template.json');
  const golden = readdirSync(join(ROOT, project, 'test')).find((name) => name.endsWith('.template.json'));
  return basename(golden ?? project, '.template.json');
}

const place = (file: string, logicalId: string): string => placeOf(join(ROOT, file), logicalId, () => stackOf(file));
const relative = (file: string): string => file.replace(`${ROOT}/`, '').replace(/^\//, '');

function expectAccepted(findings: readonly string[], exceptions: readonly TemplateException[]): void {
  const accepted = exceptions.flatMap(({ rule, on }) => on.map((one) => `${rule} ${one}`));
  expect([...new Set(findings)].sort()).toEqual(accepted.sort());
}

test('every template is looked at', () => {
  expect(templates.length).toBeGreaterThan(20);
});

test('cfn-lint', async () => {
  const { stdout, output } = await runOffline(join(INSTALLED, 'venv/bin/cfn-lint'), [
    '--format',
    'json',
    '--',
    ...templates,
  ]);
  const Findings = z.array(
    z.object({
      Filename: z.string(),
      Rule: z.object({ Id: z.string() }),
      Location: z.object({ Path: z.array(z.union([z.string(), z.number()])).nullable() }),
    }),
  );
  const parsed = Findings.safeParse(JSON.parse(stdout === '' ? '[]' : stdout));
  if (!parsed.success) throw new Error(output);
  const findings = parsed.data.map(
    ({ Filename, Rule, Location }) => `${Rule.Id} ${place(relative(Filename), String(Location.Path?.[1]))}`,
  );
  expectAccepted(findings, CFN_LINT_EXCEPTIONS);
});

test('checkov', async () => {
  const files = templates.flatMap((file) => ['-f', file]);
  const options = ['--framework', 'cloudformation', '--skip-download', '--quiet', '--compact', '-o', 'json'];
  const { stdout, output } = await runOffline(join(INSTALLED, 'scan/bin/checkov'), [...options, ...files]);
  const Report = z.object({
    summary: z.object({ passed: z.number().min(500), parsing_errors: z.literal(0) }),
    results: z.object({
      failed_checks: z.array(z.object({ check_id: z.string(), resource: z.string(), file_abs_path: z.string() })),
    }),
  });
  const parsed = Report.safeParse(stdout === '' ? undefined : JSON.parse(stdout));
  if (!parsed.success) throw new Error(`${String(parsed.error)}\n${output.slice(0, 2000)}`);
  const findings = parsed.data.results.failed_checks.map(
    ({ check_id, resource, file_abs_path }) =>
      `${check_id} ${place(relative(file_abs_path), resource.split('.').at(-1) ?? '')}`,
  );
  expectAccepted(findings, CHECKOV_EXCEPTIONS);
});

test.each([...CFN_LINT_EXCEPTIONS, ...CHECKOV_EXCEPTIONS])('the exception to $rule has a reason', ({ reason }) => {
  expect(reason.length).toBeGreaterThan(30);
});
