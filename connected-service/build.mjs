/** `node build.mjs [folder]` makes the package that others install, in dist or in that folder: JavaScript and types of src, and a package.json that leads to them. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';

const here = import.meta.dirname;
const dist = resolve(process.argv[2] ?? join(here, 'dist'));
const require = createRequire(import.meta.url);

rmSync(dist, { recursive: true, force: true });
const compiler = [require.resolve('typescript/bin/tsc'), '-p', join(here, 'tsconfig.build.json'), '--outDir', dist];
execFileSync(process.execPath, compiler, { stdio: 'inherit' });

// In the repository the package is its sources, so that a change needs no build; Node does not run TypeScript within
// node_modules. https://nodejs.org/api/typescript.html#type-stripping-in-dependencies
const { private: _, scripts, exports, ...rest } = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8'));
const built = (name) => ({ types: `./${name}.d.ts`, default: `./${name}.js` });
const manifest = { ...rest, exports: { '.': built('index'), './names': built('names') } };
writeFileSync(join(dist, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
copyFileSync(join(here, 'README.md'), join(dist, 'README.md'));
copyFileSync(join(here, '..', 'LICENSE'), join(dist, 'LICENSE'));
