/** `npm run template-diff -- --base main`: what changed in the committed templates since then. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { ROOT } from '../../local/region/paths.ts';
import { documentOf, type ChangedTemplate } from './document.ts';

function git(...args: string[]): string {
  return execFileSync('git', args, { cwd: ROOT, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
}

function changedSince(base: string): ChangedTemplate[] {
  const commit = git('merge-base', base, 'HEAD').trim();
  const files = git('diff', '--name-only', commit, '--', '*.template.json')
    .split('\n')
    .filter((file) => file !== '');
  const then = new Set(git('ls-tree', '-r', '--name-only', commit).split('\n'));
  const parse = (content: string): object => JSON.parse(content) as object;
  return files.map((file) => ({
    file,
    before: then.has(file) ? parse(git('show', `${commit}:${file}`)) : undefined,
    after: existsSync(join(ROOT, file)) ? parse(readFileSync(join(ROOT, file), 'utf8')) : undefined,
  }));
}

const program = new Command('template-diff')
  .description('what changed in the committed templates, as Markdown')
  .requiredOption('--base <commit>', 'since where the branch left it')
  .option('--output <file>', 'instead of the screen')
  .action(async ({ base, output }: { base: string; output?: string }) => {
    const document = await documentOf(changedSince(base));
    if (output === undefined) process.stdout.write(document);
    else writeFileSync(output, document);
  });

try {
  await program.parseAsync();
} catch {
  // git has said what is wrong with the commit.
  process.exitCode = 1;
}
