/** A tar archive as it comes out of its compression, piece by piece: what is small may become very large. */
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { Decompress } from 'fzstd';
import type { Extract } from 'tar-stream';

/** What is in memory, or the path of a file: a layer may have gigabytes. */
export type Blob = Buffer | string;

/** Headers and padding come on top of what files hold. */
const OVERHEAD = 2;
/** A block of zstd has four bytes at least and 128 KiB at most when unpacked: this makes 32 MiB at once in the worst case. */
const SLICE_BYTES = 1024;

/**
 * By its first bytes: https://www.rfc-editor.org/rfc/rfc1952 and https://www.rfc-editor.org/rfc/rfc8878
 * @param budget bytes that its files may hold
 */
export async function* tarOf(blob: Blob, budget: number): AsyncGenerator<Uint8Array> {
  let left = OVERHEAD * budget;
  for await (const chunk of unpacked(blob)) {
    left -= chunk.length;
    if (left < 0) throw new Error('image layer becomes too large when it is unpacked: make the image smaller');
    yield chunk;
  }
}

async function* unpacked(blob: Blob): AsyncGenerator<Uint8Array> {
  const head = await headOf(blob);
  if (head.length > 1 && head.readUInt16BE(0) === 0x1f8b) yield* gunzipped(blob);
  else if (head.length > 3 && head.readUInt32LE(0) === 0xfd2fb528) yield* zstd(blob);
  else yield* piecesOf(blob);
}

async function headOf(blob: Blob): Promise<Buffer> {
  if (typeof blob !== 'string') return blob;
  const file = await open(blob);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

const piecesOf = (blob: Blob): AsyncIterable<Uint8Array> | Iterable<Uint8Array> =>
  typeof blob === 'string' ? (createReadStream(blob) as AsyncIterable<Uint8Array>) : [blob];

async function* gunzipped(blob: Blob): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip();
  const done = pipeline(Readable.from(piecesOf(blob)), gunzip).catch((error: unknown) => {
    gunzip.destroy(error instanceof Error ? error : new Error(String(error)));
  });
  yield* gunzip as AsyncIterable<Uint8Array>;
  await done;
}

async function* zstd(blob: Blob): AsyncGenerator<Uint8Array> {
  const ready: Uint8Array[] = [];
  const decompressing = new Decompress((chunk) => ready.push(chunk));
  for await (const piece of piecesOf(blob))
    for (let at = 0; at < piece.length; at += SLICE_BYTES) {
      decompressing.push(piece.subarray(at, at + SLICE_BYTES));
      yield* ready.splice(0);
    }
  decompressing.push(NOTHING_MORE, true);
  yield* ready.splice(0);
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
