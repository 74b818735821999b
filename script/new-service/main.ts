/** `npm run new-service -- service-d --calls service-a`: a service with its CDK project, crate, tests and template. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { SERVICE_NAMES } from '@highlands/connected-service/names';
import { committedTemplate } from '../../local/deploy/projects.ts';
import { ROOT } from '../../local/region/paths.ts';
import { Complaint } from '../../local/region/complaint.ts';
import { generate } from './generator.ts';
import { aliasPort } from './alias-port.ts';
import { checkRequest, type Asked, type Request } from './request.ts';

function asked(): Asked {
  try {
    const { positionals, values } = parseArgs({
      allowPositionals: true,
      options: { calls: { type: 'string', multiple: true, default: [] }, port: { type: 'string' } },
    });
    return { names: positionals, calls: values.calls, port: values.port };
  } catch (error) {
    throw new Complaint(error instanceof Error ? error.message : String(error));
  }
}

/** What follows from the new files, each by the tool whose file it is. */
function finish({ name }: Request): void {
  const bin = (tool: string): string => join(ROOT, 'node_modules/.bin', tool);
  const rust = join(ROOT, 'services-rust');
  const steps: readonly [string, readonly string[], string, Record<string, string>][] = [
    [bin('prettier'), ['--log-level', 'warn', '--write', name, 'connected-service/src', 'test/policy'], ROOT, {}],
    ['cargo', ['fmt', '--package', name], rust, {}],
    // Both locks get the new member and nothing else.
    ['cargo', ['update', '--workspace', '--offline', '--quiet'], rust, {}],
    // Its OpenAPI description, as its code says it.
    ['cargo', ['test', '--quiet', '--locked', '--package', name, '--test', 'openapi'], rust, { UPDATE_GOLDENS: '1' }],
    ['npm', ['install', '--package-lock-only', '--ignore-scripts', '--offline', '--no-audit'], ROOT, {}],
    // Of the base only what has a template that it compares with.
    [
      bin('jest'),
      ['--silent', `^${ROOT}/${name}/`, `^${ROOT}/base-infra/test/.*(stack|variants)\\.test`],
      ROOT,
      { UPDATE_GOLDENS: '1' },
    ],
    ['npm', ['run', 'cost'], ROOT, {}],
  ];
  for (const [command, args, cwd, env] of steps) {
    const { status, stdout, stderr } = spawnSync(command, args, {
      cwd,
      env: { ...process.env, ...env },
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed:\n${stdout}${stderr}`);
  }
}

try {
  const request = checkRequest(asked(), {
    ports: new Map(SERVICE_NAMES.map((service) => [service, aliasPort(committedTemplate(service))])),
    name: (name) => existsSync(join(ROOT, name)) || existsSync(join(ROOT, 'services-rust', name)),
  });
  await generate(ROOT, request);
  finish(request);
  const { name, port } = request;
  console.log(`${name} is ready: http://${name}:${String(port)} for those who may call it. Review the diff, then on a running region:
  npm run highlands -- deploy base-infra
  npm run highlands -- publish ${name}
  npm run highlands -- deploy ${name}
  npm run highlands -- exec ${name} -- curl -s http://localhost:3000/`);
} catch (error) {
  console.error(error instanceof Complaint ? error.message : error);
  process.exitCode = 1;
}
