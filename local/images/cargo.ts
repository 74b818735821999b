/** Builds the services as static binaries. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { binariesIn, METADATA } from './binaries.ts';
import { architectureOf, isStatic } from './build.ts';
import { machineArchitecture } from './oci.ts';

const TRIPLES = { amd64: 'x86_64-unknown-linux-gnu', arm64: 'aarch64-unknown-linux-gnu' } as const;

/** @returns the crates of a workspace that make a binary */
export async function binariesOf(workspace: string): Promise<string[]> {
  return binariesIn((await execa('cargo', METADATA, { cwd: workspace })).stdout);
}

/**
 * @param workspace the Cargo workspace
 * @param crate one only; the services by default
 * @param tell takes each line that cargo prints while it builds
 * @throws Error with cargo's own complaint
 */
export async function buildServices(
  workspace: string,
  crate?: string,
  tell: (line: string) => void = () => undefined,
): Promise<void> {
  const args = ['build', '--color', 'never', '--release', '--locked', '--target', TRIPLES[machineArchitecture()]];
  const result = await execa('cargo', [...args, ...(crate === undefined ? [] : ['--package', crate])], {
    cwd: workspace,
    env: { RUSTFLAGS: '-C target-feature=+crt-static' },
    reject: false,
    all: true,
    stderr: function* (line: unknown) {
      tell(String(line));
      yield line;
    },
  });
  if (result.exitCode !== 0)
    throw new Error(
      `cargo build failed in ${workspace}:\n${result.all.split('\n').slice(-20).join('\n') || result.shortMessage}`,
    );
}

/**
 * @param target cargo's target directory
 * @throws Error when the binary is not there, is for another processor, or needs a loader that a scratch image lacks
 */
export async function readBinary(
  target: string,
  service: string,
  architecture = machineArchitecture(),
): Promise<Buffer> {
  const file = join(target, TRIPLES[architecture], 'release', service);
  const binary = await readFile(file).catch(() => {
    throw new Error(
      architecture === machineArchitecture()
        ? `${file} is missing: run \`npm run highlands -- publish ${service}\`, which builds it`
        : `${file} is missing: build it on an ${architecture} machine, and copy it here`,
    );
  });
  if (architectureOf(binary) !== architecture) throw new Error(`${file} is not a binary for ${architecture}`);
  if (!isStatic(binary)) throw new Error(`${file} is not a static binary: an image from scratch could not start it`);
  return binary;
}
