/** Images of registries, kept below the state folder: looked up by tag or digest, and pulled by content. */
import { join } from 'node:path';
import pMap from 'p-map';
import { Digest, digestOf, MEDIA, type Descriptor, type Manifest } from '../oci.ts';
import { ecrAccount, parseReference } from '../reference.ts';
import { Blobs } from './blobs.ts';
import { LookedUp } from './looked-up.ts';
import { fitting, manifestIn, requireFit } from './manifests.ts';
import { PullError } from './pull-error.ts';
import { Session } from './session.ts';

const ACCEPT = [MEDIA.manifest, MEDIA.index, MEDIA.dockerManifest, MEDIA.dockerIndex].join(', ');
/** As many layers at once as Docker pulls: https://docs.docker.com/reference/cli/dockerd/ (`max-concurrent-downloads`). */
const AT_ONCE = 3;

/** An image whose manifest and configuration are here; its layers may not be yet. */
export interface Resolved {
  readonly reference: string;
  readonly manifest: Manifest;
  /** When it was looked up, where the registry could not be asked now. */
  readonly asOf?: Date;
  /** Why not. */
  readonly away?: string;
}

export interface RegistryImagesOptions {
  /** Of this region: what its own registry does not have is nowhere. */
  readonly account: string;
  /** Docker's configuration. @default - the user's */
  readonly configFile?: string;
}

/** Those that a region keeps below its state folder. @param account the region's */
export const pulledBy = (stateDirectory: string, account: string): RegistryImages =>
  new RegistryImages(join(stateDirectory, 'pulled'), { account });

const isDigest = (version: string): boolean => version.startsWith('sha256:');

export class RegistryImages {
  readonly #blobs: Blobs;
  readonly #lookedUp: LookedUp;
  readonly #options: RegistryImagesOptions;

  constructor(folder: string, options: RegistryImagesOptions) {
    this.#blobs = new Blobs(join(folder, 'blobs'));
    this.#lookedUp = new LookedUp(join(folder, 'references'));
    this.#options = options;
  }

  /**
   * Asks the registry what a reference stands for now. When the registry can't be reached, its last answer counts.
   * @param since what was looked up after that, in milliseconds, is not asked for again
   * @throws PullError with the reason
   */
  async resolve(reference: string, since = Infinity): Promise<Resolved> {
    const { host, repository, version } = parseReference(reference);
    const before = await this.#lookedUp.last(reference);
    const kept = before === undefined ? undefined : await this.#kept(reference, before.digest);
    if (before !== undefined && kept !== undefined && (isDigest(version) || before.at > since)) return kept;
    try {
      this.#requireAllowed(host);
      return await this.#within({ host, repository }, async (session) => {
        const digest = await this.#digestOf(session, version);
        const manifest = await this.#manifest(session, digest);
        await this.#blob(session, manifest.config);
        requireFit(await this.#blobs.read(manifest.config.digest));
        await this.#lookedUp.note({ reference, digest, at: Date.now() });
        return { reference, manifest };
      });
    } catch (error) {
      if (before === undefined || kept === undefined || !(error instanceof PullError && error.isAway)) throw error;
      return { ...kept, asOf: new Date(before.at), away: error.message };
    }
  }

  /**
   * Pulls what is not here yet.
   * @param got hears how many bytes of how many are here
   * @throws PullError with the reason
   */
  async pull(
    { reference, manifest }: Resolved,
    got: (bytes: number, of: number) => void = () => undefined,
  ): Promise<void> {
    // Some images have a layer twice.
    const layers = [...new Map(manifest.layers.map((layer) => [layer.digest, layer])).values()];
    if (layers.every(({ digest }) => this.#blobs.has(digest))) return;
    const total = layers.reduce((sum, { size }) => sum + size, 0);
    const here = new Map<string, number>();
    await this.#within(parseReference(reference), (session) =>
      pMap(
        layers,
        (layer) =>
          this.#blob(session, layer, (bytes) => {
            here.set(layer.digest, bytes);
            got(
              [...here.values()].reduce((sum, one) => sum + one, 0),
              total,
            );
          }),
        { concurrency: AT_ONCE },
      ),
    );
  }

  /** The file of a blob that was pulled. */
  file(digest: string): string {
    return this.#blobs.path(digest);
  }

  #requireAllowed(host: string): void {
    if (ecrAccount(host) === this.#options.account) throw new PullError('the registry of this region does not have it');
    // It is as if there were no network: what was pulled before serves.
    if (process.env['HIGHLANDS_PULL'] === 'never')
      throw new PullError('HIGHLANDS_PULL=never: no registry is asked', true);
  }

  async #within<T>(where: { host: string; repository: string }, work: (session: Session) => Promise<T>): Promise<T> {
    const session = new Session(where, this.#options.configFile);
    try {
      return await work(session);
    } finally {
      await session.close();
    }
  }

  /** What a tag stands for now. Docker Hub does not count a HEAD as a pull: https://docs.docker.com/docker-hub/usage/pulls/ */
  async #digestOf(session: Session, version: string): Promise<string> {
    if (isDigest(version)) return version;
    const head = await session.ask(`manifests/${version}`, { accept: ACCEPT }, 'HEAD').catch((error: unknown) => {
      // The body says what is wrong, and the answer to a HEAD has none.
      if (error instanceof PullError && error.isAway) throw error;
      return undefined;
    });
    // What a header says becomes part of a path here.
    const { data: digest } = Digest.safeParse(head?.headers.get('docker-content-digest'));
    if (digest !== undefined && this.#blobs.has(digest)) return digest;
    return this.#download(session, version);
  }

  /** @returns the digest of the manifest or index that came */
  async #download(session: Session, version: string): Promise<string> {
    const content = await session.read(`manifests/${version}`, { accept: ACCEPT });
    manifestIn(content);
    const digest = isDigest(version) ? version : digestOf(content);
    await this.#blobs.keep(digest, content);
    return digest;
  }

  async #manifest(session: Session, digest: string): Promise<Manifest> {
    if (!this.#blobs.has(digest)) await this.#download(session, digest);
    const found = manifestIn(await this.#blobs.read(digest));
    return 'layers' in found ? found : this.#manifest(session, fitting(found).digest);
  }

  async #blob(session: Session, blob: Descriptor, got: (bytes: number) => void = () => undefined): Promise<void> {
    const ask = (bytes: number): ReturnType<Session['ask']> =>
      session.ask(`blobs/${blob.digest}`, {
        // What is compressed on the way would have another size than the blob.
        'accept-encoding': 'identity',
        ...(bytes === 0 ? {} : { range: `bytes=${String(bytes)}-` }),
      });
    await this.#blobs.fetch(blob, ask, got);
  }

  /** What is here of a digest: nothing, where a manifest of it or its configuration is not. */
  async #kept(reference: string, digest: string): Promise<Resolved | undefined> {
    if (!this.#blobs.has(digest)) return undefined;
    const found = manifestIn(await this.#blobs.read(digest));
    if (!('layers' in found)) return this.#kept(reference, fitting(found).digest);
    return this.#blobs.has(found.config.digest) ? { reference, manifest: found } : undefined;
  }
}
