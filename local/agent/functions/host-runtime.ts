/** What of this machine's Python and Node functions see, read-only: the programs, their libraries, and AWS's SDKs for them. */
import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { PYTHON, ROOT } from '../../region/paths.ts';
import { MODULES, PACKAGES, type RuntimePrograms } from '../core/functions/invocation.ts';
import type { Mount } from '../core/container-mounts.ts';
import { run } from '../runtime/command.ts';

export interface HostRuntime {
  readonly programs: RuntimePrograms;
  readonly mounts: readonly Mount[];
  /** The directory or file of the machine behind each mount. */
  readonly volumes: ReadonlyMap<string, string>;
  /** Links at the root, such as /lib, by name. */
  readonly links: ReadonlyMap<string, string>;
}

/** What boto3 is made of: https://github.com/boto/boto3/blob/develop/setup.cfg */
const BOTO3 = ['boto3', 'botocore', 's3transfer', 'jmespath', 'dateutil', 'urllib3', 'six.py'];
/** Where distributions have libraries, beside /usr. */
const LIBRARIES = ['bin', 'lib', 'lib32', 'lib64', 'sbin'];
const NODE = '/var/lang/bin/node';
const OWN = join(import.meta.dirname, 'runtime');

const Python = z.object({ executable: z.string(), prefix: z.string(), packages: z.string() });
const ASK = `import json, os, sys, sysconfig
print(json.dumps({"executable": os.path.realpath(sys.executable), "prefix": sys.base_prefix,
  "packages": sysconfig.get_path("purelib")}))`;

/** @throws Error when this machine's Python can't be asked */
export async function hostRuntime(): Promise<HostRuntime> {
  const { executable, prefix, packages } = Python.parse(JSON.parse(await run(PYTHON, ['-c', ASK])));
  const bound = new Map<string, string>([['/usr', '/usr']]);
  const links = new Map<string, string>();
  for (const name of LIBRARIES) {
    const path = join('/', name);
    if (!existsSync(path)) continue;
    if (lstatSync(path).isSymbolicLink()) links.set(name, readlinkSync(path));
    else bound.set(path, path);
  }
  for (const file of ['/etc/ld.so.cache', '/etc/alternatives']) if (existsSync(file)) bound.set(file, file);
  if (!prefix.startsWith('/usr')) bound.set(prefix, prefix);
  bound.set(NODE, realpathSync(process.execPath));
  bound.set('/var/runtime', OWN);
  for (const name of BOTO3) if (existsSync(join(packages, name))) bound.set(join(PACKAGES, name), join(packages, name));
  for (const name of sdkModules(join(ROOT, 'node_modules')))
    bound.set(join(MODULES, name), join(ROOT, 'node_modules', name));
  bound.set(join(MODULES, 'cfn-response/index.js'), join(OWN, 'cfn-response.cjs'));
  return {
    programs: { python: executable, node: NODE },
    mounts: [...bound.keys()].map((path) => ({ kind: 'volume', volume: path, path, readOnly: true })),
    volumes: bound,
    links,
  };
}

const Manifest = z.object({ dependencies: z.record(z.string(), z.string()).default({}) });

/** AWS's SDK with everything that it needs, and nothing else of what is installed here. A scope is taken as a whole. */
export function sdkModules(modules: string): string[] {
  const found = new Set<string>();
  const waiting = readdirSync(join(modules, '@aws-sdk')).map((name) => `@aws-sdk/${name}`);
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const file = join(modules, name, 'package.json');
    // What is not there lies within the package that needs it.
    if (found.has(name) || !existsSync(file)) continue;
    found.add(name);
    waiting.push(...Object.keys(Manifest.parse(JSON.parse(readFileSync(file, 'utf8'))).dependencies));
  }
  return [...new Set([...found].map((name) => (name.startsWith('@') ? (name.split('/')[0] ?? name) : name)))].sort();
}
