/** The command lines of builds, as cdk-assets makes them. Pure. */
import type { Architecture } from '../oci.ts';
import type { BuildRequest, CacheOption } from './request.ts';

export type ToolKind = 'docker' | 'podman' | 'buildah';

const each = (flag: string, values: readonly string[]): string[] => values.flatMap((value) => [flag, value]);

const pairs = (
  flag: string,
  values: Readonly<Record<string, string>> = {},
  form = (name: string, value: string) => `${name}=${value}`,
): string[] =>
  each(
    flag,
    Object.entries(values).map(([name, value]) => form(name, value)),
  );

const cache = ({ type, params = {} }: CacheOption): string =>
  [`type=${type}`, ...Object.entries(params).map(([name, value]) => `${name}=${value}`)].join(',');

const one = (flag: string, value: string | undefined): string[] => (value === undefined ? [] : [flag, value]);

/** The platform of this machine, whatever the app was written on: it is the only one that runs here. */
const platformOf = (asked: string | undefined, architecture: Architecture): string | undefined =>
  asked === undefined ? undefined : `linux/${architecture}`;

/**
 * https://github.com/aws/aws-cdk-cli/blob/main/packages/%40aws-cdk/cdk-assets-lib/lib/private/docker.ts
 * Podman and Buildah take the same flags: https://docs.podman.io/en/latest/markdown/podman-build.1.html
 */
export const buildArguments = (request: BuildRequest, tag: string, architecture: Architecture): string[] => [
  'build',
  ...pairs('--build-arg', request.dockerBuildArgs),
  ...pairs('--build-context', request.dockerBuildContexts),
  ...pairs('--secret', request.dockerBuildSecrets, (id, source) => `id=${id},${source}`),
  ...one('--ssh', request.dockerBuildSsh),
  ...['--tag', tag],
  ...one('--target', request.dockerBuildTarget),
  ...one('--file', request.dockerFile),
  ...one('--network', request.networkMode),
  ...one('--platform', platformOf(request.platform, architecture)),
  ...(request.dockerOutputs ?? []).map((output) => `--output=${output}`),
  ...each('--cache-from', (request.cacheFrom ?? []).map(cache)),
  ...one('--cache-to', request.cacheTo === undefined ? undefined : cache(request.cacheTo)),
  ...(request.cacheDisabled === true ? ['--no-cache'] : []),
  '.',
];

/** Writes an image into a file that `readImage` reads. */
export function saveArguments(kind: ToolKind, tag: string, file: string): string[] {
  if (kind === 'docker') return ['save', '--output', file, tag];
  if (kind === 'podman') return ['save', '--format', 'oci-archive', '--output', file, tag];
  return ['push', tag, `oci-archive:${file}`];
}
