/**
 * What `npm pack` does before and after: the repository uses the sources, so that a change needs no build, and others get
 * JavaScript, as Node does not run TypeScript within node_modules.
 * https://nodejs.org/api/typescript.html#type-stripping-in-dependencies
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const at = (...path) => join(import.meta.dirname, ...path);
// npm takes the manifest and the licence from this folder only.
const [manifest, kept, license] = [at('package.json'), at('package.json.kept'), at('LICENSE')];

function restore() {
  if (existsSync(kept)) renameSync(kept, manifest);
  rmSync(license, { force: true });
}

function build() {
  rmSync(at('dist'), { recursive: true, force: true });
  const require = createRequire(import.meta.url);
  const compiler = require.resolve('typescript/bin/tsc');
  execFileSync(process.execPath, [compiler, '-p', at('tsconfig.build.json')], { stdio: 'inherit' });
}

function prepare() {
  const { private: _, scripts, devDependencies, ...rest } = JSON.parse(readFileSync(manifest, 'utf8'));
  const built = (name) => ({ types: `./dist/${name}.d.ts`, default: `./dist/${name}.js` });
  copyFileSync(at('..', 'LICENSE'), license);
  copyFileSync(manifest, kept);
  const published = { ...rest, exports: { '.': built('index'), './names': built('names') } };
  writeFileSync(manifest, `${JSON.stringify(published, null, 2)}\n`);
}

// Of a pack before this one that was interrupted, too.
restore();
if (process.argv[2] !== 'restore') {
  build();
  prepare();
}
