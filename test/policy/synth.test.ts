import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Project, projects, stacks } from './system.ts';

const root = join(import.meta.dirname, '..', '..');

/** Loaded before the app: a synth that opens a connection fails. */
const NO_NETWORK = `data:text/javascript,${encodeURIComponent(`
  import net from 'node:net';
  net.Socket.prototype.connect = () => { throw new Error('synth must not use the network'); };
`)}`;

interface Synthesis {
  readonly template: string;
  readonly manifest: { readonly missing?: unknown };
  /** What CDK's own validation found, warnings included; nothing when it is off. */
  readonly findings: unknown;
}

/** What `cdk synth` does: runs the app of a project in a process of its own, with nothing of our environment. */
function synthesize(project: Project, environment: Readonly<Record<string, string>>): Synthesis {
  const outdir = mkdtempSync(join(tmpdir(), 'highlands-synth-'));
  try {
    const { stderr, status } = spawnSync(process.execPath, ['--import', NO_NETWORK, '--import', 'tsx', 'bin/app.ts'], {
      cwd: join(root, project),
      env: { CDK_OUTDIR: outdir, ...environment },
      encoding: 'utf8',
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const read = (file: string): string => readFileSync(join(outdir, file), 'utf8');
    return {
      template: read(`${stacks[project].stackName}.template.json`),
      manifest: JSON.parse(read('manifest.json')) as Synthesis['manifest'],
      findings:
        environment['CDK_VALIDATION'] === 'false'
          ? undefined
          : (JSON.parse(read('validation-report.json')) as { pluginReports: unknown }).pluginReports,
    };
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

describe.each(projects)('%s', (project) => {
  let alone: Synthesis;
  beforeAll(() => {
    alone = synthesize(project, {});
  });

  test('synthesises alone, offline, with no warning and no lookup', () => {
    expect(alone.findings).toEqual([]);
    expect(alone.manifest.missing).toBeUndefined();
  });

  test('what is deployed is the golden', () => {
    const golden = readFileSync(join(root, project, 'test', `${stacks[project].stackName}.template.json`), 'utf8');
    expect(JSON.parse(alone.template)).toEqual(JSON.parse(golden));
  });

  test('gives the same bytes again, whatever account, region, time zone and CLI say', () => {
    const again = synthesize(project, {
      CDK_VALIDATION: 'false', // It has been validated above; this halves the time.
      CDK_DEFAULT_ACCOUNT: '111111111111',
      CDK_DEFAULT_REGION: 'eu-west-1',
      AWS_REGION: 'eu-west-1',
      TZ: 'Pacific/Auckland',
      CDK_CONTEXT_JSON: JSON.stringify({ 'aws:cdk:enable-path-metadata': true, 'aws:cdk:version-reporting': true }),
    });
    expect(again.template).toBe(alone.template);
  });
});

test('no context is committed: nothing was looked up', () => {
  const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*cdk.context.json'], {
    cwd: root,
    encoding: 'utf8',
  });
  expect(files).toBe('');
});
