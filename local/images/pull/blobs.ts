/** What was pulled, by digest: kept between runs, and gone on with where a download was cut off. */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import pRetry from 'p-retry';
import { lock } from 'proper-lockfile';
import type { Response } from 'undici';
import { moveInto } from '../../region/move-into.ts';
import { digestOf, type Descriptor } from '../oci.ts';
import { PullError } from './pull-error.ts';

/** As often as Docker begins a download again: https://docs.docker.com/reference/cli/dockerd/ (`max-download-attempts`). */
const RETRYING = { retries: 4, minTimeout: 250 };
/** Another command may pull the same; a layer of some hundred megabytes takes minutes. The lock of a dead one ends by itself. */
const PATIENCE = { retries: { retries: 1200, minTimeout: 500, maxTimeout: 500, factor: 1 }, realpath: false };

/** Asks for a blob from a byte on; the answer may begin before it. */
export type Source = (from: number) => Promise<Response>;

export class Blobs {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Where a blob lies, or would. */
  path(digest: string): string {
    return join(this.#folder, digest.replace(':', '/'));
  }

  has(digest: string): boolean {
    return existsSync(this.path(digest));
  }

  async read(digest: string): Promise<Buffer> {
    return readFile(this.path(digest));
  }

  /** Keeps what is in memory. @throws PullError when it is not what its digest says */
  async keep(digest: string, content: Buffer): Promise<void> {
    if (digestOf(content) !== digest) throw other(digest);
    await mkdir(dirname(this.path(digest)), { recursive: true });
    if (!this.has(digest)) await moveInto(this.path(digest), content);
  }

  /**
   * @param got hears how many bytes there are after each piece
   * @throws PullError when what comes is not what the digest and the size say
   */
  async fetch(
    { digest, size }: Pick<Descriptor, 'digest' | 'size'>,
    source: Source,
    got: (bytes: number) => void,
  ): Promise<void> {
    if (this.has(digest)) {
      got(size);
      return;
    }
    const partial = `${this.path(digest)}.partial`;
    await mkdir(dirname(partial), { recursive: true });
    await writeFile(partial, '', { flag: 'a' });
    const release = await lock(partial, PATIENCE);
    try {
      if (this.has(digest)) got(size);
      else
        await pRetry(() => this.#goOn({ digest, size }, partial, source, got), { ...RETRYING, shouldRetry: isCutOff });
    } finally {
      await release();
    }
  }

  async #goOn(
    { digest, size }: Pick<Descriptor, 'digest' | 'size'>,
    partial: string,
    source: Source,
    got: (bytes: number) => void,
  ): Promise<void> {
    const { size: there } = await stat(partial).catch(() => ({ size: 0 }));
    const hash = createHash('sha256');
    let bytes = there < size ? there : 0;
    const answer = await source(bytes);
    // A registry that does not know ranges begins again: https://www.rfc-editor.org/rfc/rfc9110#name-range
    if (answer.status !== 206) bytes = 0;
    await truncate(partial, bytes);
    if (bytes > 0)
      for await (const chunk of createReadStream(partial, { end: bytes - 1 })) hash.update(chunk as Buffer);
    const counted = async function* (chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
      for await (const chunk of chunks) {
        bytes += chunk.length;
        if (bytes > size) throw new PullError(`it sent more than the ${String(size)} bytes of ${digest}`);
        hash.update(chunk);
        got(bytes);
        yield chunk;
      }
    };
    if (answer.body !== null)
      await pipeline(answer.body, counted, createWriteStream(partial, { flags: 'r+', start: bytes }));
    if (bytes < size) throw new Error(`${digest} was cut off after ${String(bytes)} of ${String(size)} bytes`);
    if (`sha256:${hash.digest('hex')}` !== digest) {
      await rm(partial, { force: true });
      throw other(digest);
    }
    await rename(partial, this.path(digest));
  }
}

const isCutOff = ({ error }: { readonly error: Error }): boolean => !(error instanceof PullError);

const other = (digest: string): PullError => new PullError(`it sent something else for ${digest}`);
