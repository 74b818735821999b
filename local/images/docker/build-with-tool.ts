/** Builds an image by docker, podman or buildah, as `cdk deploy` does, and takes it from there. */
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { readImage } from '../archive.ts';
import { machineArchitecture, type Image } from '../oci.ts';
import { buildArguments, saveArguments } from './arguments.ts';
import type { BuildRequest } from './request.ts';
import type { Tool } from './tool.ts';

/** Enough for what a failed instruction said. */
const LAST_LINES = 20;

interface Run {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly tell: (line: string) => void;
}

/** @returns what it wrote to its standard output @throws Error with its last lines */
function run({ command, args, cwd, tell }: Run): Promise<string> {
  return new Promise((done, failed) => {
    // Docker adds manifests about how it was built, which are for no processor: https://docs.docker.com/build/metadata/attestations/
    const env = { ...process.env, BUILDX_NO_DEFAULT_ATTESTATIONS: '1' };
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const lines: string[] = [];
    const output: string[] = [];
    for (const stream of [child.stdout, child.stderr])
      createInterface({ input: stream }).on('line', (line) => {
        if (stream === child.stdout) output.push(line);
        lines.push(line);
        if (lines.length > LAST_LINES) lines.shift();
        tell(line);
      });
    child.once('error', failed);
    child.once('close', (code) => {
      if (code === 0) done(output.join('\n').trim());
      else failed(new Error(`${[command, args[0]].join(' ')} ended with ${String(code)}:\n${lines.join('\n')}`));
    });
  });
}

/** @param name of the asset, by which the tool keeps the image and what it was built from */
export async function buildWithTool(
  { command, kind }: Tool,
  request: BuildRequest,
  name: string,
  tell: (line: string) => void,
): Promise<Image> {
  const folder = await mkdtemp(join(tmpdir(), 'highlands-build-'));
  try {
    let tag = `cdkasset-${name.toLowerCase()}`;
    const [program, ...args] = request.executable ?? [];
    if (program !== undefined) tag = await run({ command: program, args, cwd: request.base, tell });
    else {
      const cwd = resolve(request.base, request.directory ?? '.');
      await run({ command, args: buildArguments(request, tag, machineArchitecture()), cwd, tell });
    }
    const file = join(folder, 'image.tar');
    await run({ command, args: saveArguments(kind, tag, file), cwd: folder, tell });
    return await readImage(file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
