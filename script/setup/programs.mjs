/**
 * The programs of the local region as plain JavaScript. From their sources they start in a second and a half and hold a
 * compiler in memory; so they are built when a source changed, and started from there.
 */
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** These read files of their own packages, and are loaded from there. */
const EXTERNAL = ['@aws-cdk/*', 'aws-cdk-lib', 'esbuild', 'tsx', '@playwright/test'];
/** Packages in CommonJS ask for Node's own modules by it. */
const REQUIRE = `import { createRequire as requireOfProgram } from 'node:module'; const require = requireOfProgram(import.meta.url);`;
/** A region goes on with the programs that it was started with, so some earlier ones stay; each has 11 MB. */
const KEPT = 8;

const isSource = (path) => /\.(ts|mjs|json)$/.test(path) && !/node_modules|\.test\.ts$/.test(path);

/** Where all that is ours in them comes from. */
const SOURCES = ['local', 'script/setup', 'connected-service/src'];

/** Of everything that a program can be made of. */
function hashOf(root) {
  const hash = createHash('sha256');
  const sources = SOURCES.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true })
      .filter(isSource)
      .sort()
      .map((name) => join(root, folder, name)),
  );
  const files = [join(root, 'package-lock.json'), ...sources];
  for (const file of files) hash.update(`${file}\0`).update(readFileSync(file));
  return hash.digest('hex').slice(0, 16);
}

/** What sources and packages look for beside them (scripts, schemas, the page) stays where it is. */
const besideTheSource = {
  name: 'beside-the-source',
  setup(build) {
    build.onLoad({ filter: /\.([cm]?js|ts)$/ }, ({ path }) => {
      const text = readFileSync(path, 'utf8');
      const [file, folder] = [JSON.stringify(path), JSON.stringify(dirname(path))];
      const isCommonJs =
        /\b__(dirname|filename)\b/.test(text) && !/\b(const|let|var) __(dirname|filename)\b/.test(text);
      if (!isCommonJs && !text.includes('import.meta')) return undefined;
      const contents = text
        .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href))
        .replaceAll('import.meta.dirname', folder)
        .replaceAll('import.meta.filename', file);
      const around = isCommonJs ? `var __filename = ${file}, __dirname = ${folder};\n` : '';
      return { loader: path.endsWith('.ts') ? 'ts' : 'js', contents: around + contents };
    });
  },
};

async function build(root, outdir) {
  const { build: bundle } = await import('esbuild');
  const { metafile } = await bundle({
    absWorkingDir: root,
    metafile: true,
    // Where each begins.
    entryPoints: JSON.parse(readFileSync(join(root, 'local/region/programs.json'), 'utf8')),
    outdir,
    bundle: true,
    // A command loads what it needs, and no more.
    splitting: true,
    format: 'esm',
    platform: 'node',
    // What package.json asks for: Node 20.0 has no import attributes, so they would be left out.
    target: 'node20.19',
    outExtension: { '.js': '.mjs' },
    external: EXTERNAL,
    plugins: [besideTheSource],
    logLevel: 'warning',
    banner: { js: REQUIRE },
  });
  const known = new RegExp(`(^|/)node_modules/|^(${SOURCES.join('|')})/`);
  const unknown = Object.keys(metafile.inputs).filter((path) => !known.test(path));
  if (unknown.length > 0)
    throw new Error(`a change of ${unknown[0]} would build nothing: SOURCES must name its folder`);
}

function removeOld(folder) {
  const newestFirst = readdirSync(folder)
    .map((name) => ({ path: join(folder, name), used: statSync(join(folder, name)).mtimeMs }))
    .sort((one, other) => other.used - one.used);
  for (const { path } of newestFirst.slice(KEPT)) rmSync(path, { recursive: true, force: true });
}

/**
 * @param {{ root: string, state: string }} where
 * @returns {Promise<string>} the folder that has highlands.mjs, supervisor.mjs, agent.mjs and console.mjs
 */
export async function builtPrograms({ root, state }) {
  const folder = join(state, 'programs');
  const built = join(folder, hashOf(root));
  if (existsSync(built)) {
    const now = new Date();
    utimesSync(built, now, now);
    return built;
  }
  mkdirSync(folder, { recursive: true });
  const made = mkdtempSync(join(folder, '.made-'));
  try {
    await build(root, made);
    renameSync(made, built);
  } catch (error) {
    rmSync(made, { recursive: true, force: true });
    // Another command made the same meanwhile.
    if (!existsSync(built)) throw error;
  }
  removeOld(folder);
  return built;
}
