/** A copy of the tree in which a test does what a person would do in theirs. */
import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');

/** The tree as git sees it, with the packages of the real one; our own packages are those of the copy. */
export function treeCopy(name: string): string {
  const copy = mkdtempSync(join(tmpdir(), `highlands-${name}-`));
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], { cwd: ROOT });
  for (const file of listed.toString().split('\0').filter(Boolean)) {
    if (!existsSync(join(ROOT, file))) continue; // deleted, and not yet committed
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    copyFileSync(join(ROOT, file), join(copy, file));
  }
  execFileSync('git', ['init', '--quiet'], { cwd: copy });
  execFileSync('git', ['add', '.'], { cwd: copy });
  for (const packages of ['node_modules', 'local/node_modules', 'node_modules/@highlands']) {
    mkdirSync(join(copy, packages));
    for (const name of readdirSync(join(ROOT, packages)).filter((entry) => entry !== '@highlands'))
      symlinkSync(
        join(packages.endsWith('@highlands') ? copy : join(ROOT, packages), name),
        join(copy, packages, name),
      );
  }
  return copy;
}

/** Adds a stage to what a project of a copy deploys, as docs/options.md shows it. */
export function addStage(tree: string, project: string, stage: string, settings: string): void {
  const file = join(tree, project, 'bin/app.ts');
  const before = readFileSync(file, 'utf8');
  const [, stack, name] = /new (\w+)\(newApp\(\), '(\w+)'/.exec(before) ?? [];
  if (stack === undefined || name === undefined)
    throw new Error(`${file} no longer has the stack that the test copies`);
  const after = before
    .replace('import { newApp }', 'import { newApp, newStage }')
    .replace('newApp(),', 'app,')
    .replace('/** What is deployed', 'const app = newApp();\n/** What is deployed');
  writeFileSync(file, `${after}\nnew ${stack}(newStage(app, '${stage}'), '${name}', ${settings});\n`);
}
