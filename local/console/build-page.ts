/**
 * `npm run build:console`: the page's sources as files that a browser takes, plain and compressed, for this region alone. The console's
 * process imports this when it starts, so that the page is always that of the sources. Nothing comes from elsewhere.
 */
import { build } from 'esbuild';
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { STATE } from '../region/paths.ts';
import { gzipSync } from 'node:zlib';

const page = join(import.meta.dirname, 'page');
export const DIST = join(STATE, 'console');

rmSync(DIST, { recursive: true, force: true });
await build({
  entryPoints: [join(page, 'main.tsx'), join(page, 'theme.ts')],
  outdir: DIST,
  bundle: true,
  minify: true,
  format: 'esm',
  // The first browsers with light-dark(), of 2024: https://caniuse.com/mdn-css_types_color_light-dark
  target: ['chrome123', 'firefox120', 'safari17.5'],
  jsx: 'automatic',
  jsxImportSource: 'preact',
  legalComments: 'linked',
  logLevel: 'warning',
});
for (const name of ['index.html', 'icon.svg']) cpSync(join(page, name), join(DIST, name));
for (const name of readdirSync(DIST)) writeFileSync(join(DIST, `${name}.gz`), gzipSync(readFileSync(join(DIST, name))));
