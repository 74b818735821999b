/** Makes the files of a new service: what is the same in every service is copied from one, the rest are templates. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import nodePlop, { type ActionType } from 'node-plop';
import { Complaint } from '../../local/region/complaint.ts';
import type { Request } from './request.ts';

/** Lists that every service is on, and what to put before their end. */
const LISTS: readonly { readonly path: string; readonly pattern: RegExp; readonly template: string }[] = [
  {
    path: 'connected-service/src/names.ts',
    pattern: /(?<=SERVICE_NAMES = \[[^\]]*)(?=\])/,
    template: ", '{{name}}'",
  },
  { path: 'services-rust/Cargo.toml', pattern: /(?<=members = \[[^\]]*)(?=\])/, template: ', "{{name}}"' },
  { path: 'docker/docker-bake.hcl', pattern: /(?<=service = \[[^\]]*)(?=\])/, template: ', "{{name}}"' },
  {
    path: 'test/policy/mesh.ts',
    pattern: /(?<=CALLS: [^{]*\{[^}]*)(?=\})/,
    template: "  '{{name}}': [{{#each calls}}'{{this.name}}', {{/each}}],\n",
  },
];

/** Of the smallest CDK project, and of the crate that is most like the new one. */
const CDK_FILES = ['cdk.json', 'package.json', 'bin/app.ts', 'test/service-c-stack.test.ts'];

function like(root: string, from: string, to: string, of: string, name: string): ActionType {
  const spelled = (service: string): string[] => [
    service,
    service.replaceAll('-', '_'),
    service.replaceAll(/(?:^|-)(\w)/g, (_, first: string) => first.toUpperCase()),
  ];
  return () => {
    const [before, after] = [spelled(of), spelled(name)];
    const renamed = (text: string): string =>
      before.reduce(
        // Not in service-connect, which begins like service-c.
        (changed, spelling, index) => changed.replaceAll(new RegExp(`${spelling}(?![a-z])`, 'g'), after[index] ?? ''),
        text,
      );
    const target = join(root, renamed(to));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, renamed(readFileSync(join(root, from), 'utf8')));
    return renamed(to);
  };
}

/** The path of the first GET route of a service: something to ask it for until the new service knows better. */
function firstRoute(root: string, service: string): string {
  const source = readFileSync(join(root, 'services-rust', service, 'src/lib.rs'), 'utf8');
  return /\.route\(\s*"([^"]+)",\s*get\(/.exec(source)?.[1] ?? '/';
}

/** @throws Complaint when a list that the service belongs on can't be found; nothing is changed then */
export async function generate(root: string, { name, calls, port }: Request): Promise<void> {
  for (const { path, pattern } of LISTS) {
    if (!pattern.test(readFileSync(join(root, path), 'utf8')))
      throw new Complaint(`${path} has no list to add ${name} to: put it back as it was, or change script/new-service`);
  }
  const templates = join(import.meta.dirname, 'templates');
  const rust = `services-rust/${name}`;
  const model = calls.length === 0 ? 'service-a' : 'service-b';
  const copy = (from: string, to: string, of: string): ActionType => like(root, from, to, of, name);
  const plop = await nodePlop('', { destBasePath: root, force: false });
  const fill = (part: string, destination: string): ActionType => ({
    type: 'addMany',
    base: join(templates, part),
    templateFiles: join(templates, part, '**'),
    destination,
  });
  const generator = plop.setGenerator('service', {
    description: 'a service with its CDK project and its crate',
    prompts: [],
    actions: [
      ...CDK_FILES.map((file) => copy(`service-c/${file}`, `service-c/${file}`, 'service-c')),
      fill('cdk', name),
      copy(`services-rust/${model}/src/main.rs`, `${rust}/src/main.rs`, model),
      copy(`services-rust/${model}/tests/openapi.rs`, `${rust}/tests/openapi.rs`, model),
      fill('rust', rust),
      ...(calls.length === 0 ? [] : [fill('calls', rust)]),
      ...LISTS.map((list): ActionType => ({ type: 'modify', ...list })),
    ],
  });
  const { failures } = await generator.runActions({
    name,
    port,
    calls: calls.map((called) => ({ name: called, route: firstRoute(root, called) })),
  });
  const [failure] = failures;
  if (failure !== undefined) throw new Error(`${failure.path}: ${failure.error}`);
}
