/** The OCI distribution API, as far as pushing and pulling an image needs it: https://github.com/opencontainers/distribution-spec */
import pRetry, { AbortError } from 'p-retry';
import {
  digestOf,
  indexOf,
  machineArchitecture,
  manifestOrIndex,
  type Manifest,
  MEDIA,
  type Descriptor,
  type Image,
} from './oci.ts';

export interface Registry {
  /** Such as `http://127.0.0.1:4566` or `https://111122223333.dkr.ecr.eu-west-1.amazonaws.com`. */
  readonly url: string;
  /** Value of the Authorization header, when the registry wants one. */
  readonly authorization: string | undefined;
}

const ACCEPT = [MEDIA.manifest, MEDIA.index, MEDIA.dockerManifest, MEDIA.dockerIndex].join(', ');
/** A registry that is restarting is back within a second or two. */
const RETRIES = 3;

async function call(
  registry: Registry,
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body?: Buffer,
): Promise<Response> {
  const url = new URL(path, registry.url);
  return pRetry(
    async () => {
      const response = await fetch(url, {
        method,
        headers: {
          ...headers,
          ...(registry.authorization === undefined ? {} : { authorization: registry.authorization }),
        },
        ...(body === undefined ? {} : { body: new Uint8Array(body) }),
      });
      if (response.status >= 500) throw new Error(`${method} ${url.pathname}: ${String(response.status)}`);
      return response;
    },
    { retries: RETRIES, minTimeout: 200 },
  );
}

async function refused(what: string, response: Response): Promise<AbortError> {
  return new AbortError(
    `${what}: the registry answered ${String(response.status)} ${(await response.text()).slice(0, 200)}`,
  );
}

async function pushBlob(registry: Registry, repository: string, blob: Buffer): Promise<void> {
  const digest = digestOf(blob);
  if ((await call(registry, 'HEAD', `/v2/${repository}/blobs/${digest}`)).ok) return;
  const started = await call(registry, 'POST', `/v2/${repository}/blobs/uploads/`);
  const location = started.headers.get('location');
  if (started.status !== 202 || location === null) throw await refused(`push to ${repository}`, started);
  const upload = new URL(location, registry.url);
  upload.searchParams.set('digest', digest);
  const done = await call(
    registry,
    'PUT',
    upload.pathname + upload.search,
    { 'content-type': 'application/octet-stream' },
    blob,
  );
  if (done.status !== 201) throw await refused(`push ${digest} to ${repository}`, done);
}

/** What a tag or digest stands for, if it is there. */
async function digestAt(registry: Registry, repository: string, reference: string): Promise<string | undefined> {
  const path = `/v2/${repository}/manifests/${reference}`;
  const { ok, headers } = await call(registry, 'HEAD', path, { accept: ACCEPT });
  return ok ? (headers.get('docker-content-digest') ?? undefined) : undefined;
}

export async function hasImage(registry: Registry, repository: string, version: string): Promise<boolean> {
  return (await digestAt(registry, repository, version)) !== undefined;
}

async function pushManifest(
  registry: Registry,
  repository: string,
  content: Buffer,
  mediaType: string,
  reference: string,
): Promise<void> {
  const path = `/v2/${repository}/manifests/${reference}`;
  const put = await call(registry, 'PUT', path, { 'content-type': mediaType }, content);
  if (put.status !== 201) throw await refused(`push ${repository}:${reference}`, put);
}

/** Pushes what the registry does not have yet, under its digest if there is no tag. @returns the manifest's digest */
export async function pushImage(registry: Registry, repository: string, image: Image, tag?: string): Promise<string> {
  const digest = digestOf(image.manifest);
  // A tag that is there already holds this content, or the push is refused: tags are immutable.
  if ((await digestAt(registry, repository, tag ?? digest)) === digest) return digest;
  for (const blob of [...image.layers, image.config]) await pushBlob(registry, repository, blob);
  await pushManifest(registry, repository, image.manifest, image.manifestType, tag ?? digest);
  return digest;
}

/** Pushes the images of several processors as one. @returns the index's digest */
export async function pushIndex(
  registry: Registry,
  repository: string,
  images: readonly Image[],
  tag: string,
): Promise<string> {
  for (const image of images) await pushImage(registry, repository, image);
  const index = indexOf(images);
  const digest = digestOf(index);
  if ((await digestAt(registry, repository, tag)) !== digest)
    await pushManifest(registry, repository, index, MEDIA.index, tag);
  return digest;
}

/** The registry of the region has no such image. */
export class NotInRegistry extends Error {}

/** What a task says that has no image, and how to give it. @param why after the image's name */
export const cannotPull = (reference: string, why: string): string =>
  `CannotPullContainerError: image ${reference}${why}: publish it, or give it with \`--image ${reference}=<OCI layout or archive>\``;

/** A blob or manifest whose content is what its digest says. @throws Error that names the reference and the remedy */
async function pull(registry: Registry, path: string, reference: string, digest: string | undefined): Promise<Buffer> {
  const response = await call(registry, 'GET', path, { accept: ACCEPT });
  if (response.status === 404) {
    throw new NotInRegistry(cannotPull(reference, ' is not in the registry'));
  }
  if (!response.ok) throw await refused(`pull ${reference}`, response);
  const content = Buffer.from(await response.arrayBuffer());
  if (digest !== undefined && digestOf(content) !== digest) {
    throw new Error(
      `CannotPullContainerError: image ${reference}: the registry sent ${digestOf(content)} for ${digest}: push it again`,
    );
  }
  return content;
}

export function pullBlob(
  registry: Registry,
  repository: string,
  reference: string,
  { digest }: Pick<Descriptor, 'digest'>,
): Promise<Buffer> {
  return pull(registry, `/v2/${repository}/blobs/${digest}`, reference, digest);
}

/** The manifest of an image, for this machine's processor where there are several. */
export async function pullManifest(
  registry: Registry,
  repository: string,
  reference: string,
  version: string,
): Promise<Manifest> {
  const isDigest = version.startsWith('sha256:');
  const content = await pull(
    registry,
    `/v2/${repository}/manifests/${version}`,
    reference,
    isDigest ? version : undefined,
  );
  const found = manifestOrIndex(content, reference);
  if ('layers' in found) return found;
  const architecture = machineArchitecture();
  const fitting = found.manifests.find(
    ({ platform }) => platform?.os === 'linux' && platform.architecture === architecture,
  );
  if (fitting === undefined)
    throw new Error(
      `CannotPullContainerError: image ${reference} has nothing for linux/${architecture}: build it for this machine`,
    );
  return pullManifest(registry, repository, reference, fitting.digest);
}
