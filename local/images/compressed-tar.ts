/** A tar archive as it comes out of its compression, piece by piece: what is small may become very large. */
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { Decompress } from 'fzstd';
import type { Extract } from 'tar-stream';

/** Headers and padding come on top of what files hold. */
const OVERHEAD = 2;
/** A block of zstd has four bytes at least and 128 KiB at most when unpacked: this makes 32 MiB at once in the worst case. */
const SLICE_BYTES = 1024;

/**
 * By its first bytes: https://www.rfc-editor.org/rfc/rfc1952 and https://www.rfc-editor.org/rfc/rfc8878
 * @param budget bytes that its files may hold
 */
export async function* tarOf(blob: Buffer, budget: number): AsyncGenerator<Uint8Array> {
  let left = OVERHEAD * budget;
  for await (const chunk of unpacked(blob)) {
    left -= chunk.length;
    if (left < 0) throw new Error('image layer becomes too large when it is unpacked: make the image smaller');
    yield chunk;
  }
}

function unpacked(blob: Buffer): AsyncIterable<Uint8Array> | Iterable<Uint8Array> {
  if (blob.length > 1 && blob.readUInt16BE(0) === 0x1f8b) {
    const gunzip = createGunzip();
    Readable.from([blob]).pipe(gunzip);
    return gunzip as AsyncIterable<Uint8Array>;
  }
  if (blob.length > 3 && blob.readUInt32LE(0) === 0xfd2fb528) return zstd(blob);
  return [blob];
}

function* zstd(blob: Buffer): Generator<Uint8Array> {
  const ready: Uint8Array[] = [];
  const decompressing = new Decompress((chunk) => ready.push(chunk));
  for (let at = 0; at < blob.length; at += SLICE_BYTES) {
    decompressing.push(blob.subarray(at, at + SLICE_BYTES), at + SLICE_BYTES >= blob.length);
    yield* ready.splice(0);
  }
}

const NOTHING_MORE = Buffer.alloc(0);

/** Writes as fast as the other side reads; what goes wrong here goes wrong there. */
export async function feed(archive: Extract, chunks: AsyncIterable<Uint8Array>): Promise<void> {
  const closed = once(archive, 'close').catch(() => undefined);
  try {
    for await (const chunk of chunks) {
      if (archive.destroyed) return;
      if (!archive.write(chunk)) await Promise.race([once(archive, 'drain'), closed]);
    }
    archive.end(NOTHING_MORE);
  } catch (error) {
    archive.destroy(error instanceof Error ? error : new Error(String(error)));
  }
}
