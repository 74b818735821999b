/** The program that builds images on this machine. */
import { execFile } from 'node:child_process';
import { basename } from 'node:path';
import type { ToolKind } from './arguments.ts';

export interface Tool {
  readonly command: string;
  readonly kind: ToolKind;
}

/** No tool, and why those that are there do not work. */
export interface NoTool {
  readonly why: string;
}

const KINDS: readonly ToolKind[] = ['docker', 'podman', 'buildah'];

/** A client of Docker may be there whose service is not; each of these asks for what a build needs. */
const TRIAL: Readonly<Record<ToolKind, string[]>> = { docker: ['version'], podman: ['info'], buildah: ['info'] };
/** A look takes a second at most; a service that does not answer is as good as none. */
const PATIENCE_MS = 15_000;

/** Of what speaks as Docker does, such as Finch and nerdctl: https://docs.aws.amazon.com/cdk/v2/guide/build-containers.html */
const kindOf = (command: string): ToolKind => KINDS.find((kind) => basename(command).startsWith(kind)) ?? 'docker';

const try1 = ({ command, kind }: Tool): Promise<string | undefined> =>
  new Promise((resolve) => {
    execFile(command, TRIAL[kind], { timeout: PATIENCE_MS, env: process.env }, (failed, stdout, stderr) => {
      if (failed === null) resolve(undefined);
      else if (failed.code === 'ENOENT') resolve('is not there');
      else resolve(`does not work (${(stderr || stdout).trim().split('\n').at(-1)?.slice(0, 160) ?? ''})`);
    });
  });

/** CDK_DOCKER, or the first of docker, podman and buildah that works. */
export async function findTool(named = process.env['CDK_DOCKER']): Promise<Tool | NoTool> {
  const commands = named === undefined || named === '' ? KINDS : [named];
  const found: string[] = [];
  for (const command of commands) {
    const tool = { command, kind: kindOf(command) };
    const failed = await try1(tool);
    if (failed === undefined) return tool;
    if (failed !== 'is not there' || commands.length === 1) found.push(`${command} ${failed}`);
  }
  const others = found.length === 0 ? 'none is there' : found.join(', ');
  return {
    why: named === undefined || named === '' ? `of docker, podman and buildah ${others}` : `CDK_DOCKER: ${others}`,
  };
}
