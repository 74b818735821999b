/** A target that keeps every byte it gets, and a client that says every byte. */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

const OK = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';
/** Longer than the parts of an answer are apart on one machine. */
const QUIET_MS = 400;
/** Until the first of it comes: a machine that is busy may take seconds. */
const LATEST_MS = 30_000;

/** What the target answers to a request whose head is this; undefined leaves the connection open without an answer. */
export type Answering = (head: string, socket: Socket, target: number) => string | undefined;

export interface RawTarget {
  readonly port: number;
  readonly heads: readonly string[];
  readonly checks: readonly string[];
  readonly stop: () => void;
}

/** A server that keeps the heads of what it is asked, byte by byte, and answers what it is told to. */
export async function rawTarget(answer: Answering = () => OK, index = 0): Promise<RawTarget> {
  const heads: string[] = [];
  const checks: string[] = [];
  const sockets = new Set<Socket>();
  const target = createServer((socket) => {
    sockets.add(socket);
    let read = '';
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      read += chunk.toString('latin1');
      for (;;) {
        const end = read.indexOf('\r\n\r\n');
        if (end < 0) return;
        const head = read.slice(0, end);
        read = read.slice(end + 4);
        const isCheck = head.includes('ELB-HealthChecker');
        (isCheck ? checks : heads).push(head);
        const said = isCheck ? OK : answer(head, socket, index);
        if (said !== undefined) socket.write(said, 'latin1');
      }
    });
  }).listen(0, '127.0.0.1');
  await once(target, 'listening');
  const stop = (): void => {
    for (const socket of sockets) socket.destroy();
    target.close();
  };
  return { port: (target.address() as AddressInfo).port, heads, checks, stop };
}

/**
 * Sends bytes, and resolves with what came until the other side closed or nothing more came for a while.
 *
 * @param quietMs how long nothing may come, where none may be the answer
 */
export function sendRaw(port: number, bytes: string, quietMs?: number, host = '127.0.0.1'): Promise<string> {
  return new Promise((resolve, reject) => {
    let got = '';
    const socket = connect(port, host, () => socket.write(bytes, 'latin1'));
    const end = (): void => {
      socket.destroy();
      resolve(got);
    };
    socket.setTimeout(quietMs ?? LATEST_MS, end);
    socket.on('data', (chunk) => {
      got += chunk.toString('latin1');
      socket.setTimeout(quietMs ?? QUIET_MS);
    });
    socket.on('end', end).on('error', reject);
  });
}
