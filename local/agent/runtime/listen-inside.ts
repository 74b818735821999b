/** A socket of this process that listens within another network namespace. */
import { spawn } from 'node:child_process';
import type { Server as HttpServer } from 'node:http';
import { Server } from 'node:net';
import type { NamespaceHolder } from './namespace-holder.ts';

/**
 * Goes into the namespace, listens there, hands the socket to its parent and ends: a socket belongs for ever to the namespace
 * that it was made in. https://nodejs.org/api/child_process.html#example-sending-a-server-object
 */
const PROGRAM = `
const [host, port] = process.argv.slice(1);
const end = (code) => () => process.exit(code);
const server = require('node:net').createServer({ pauseOnConnect: true });
server.once('error', (error) => process.send({ error: error.message }, end(1)));
server.listen({ host, port: Number(port), exclusive: true }, () => process.send({}, server, end(0)));
`;

/**
 * Connections come paused. Whoever made the namespace closes the socket when the namespace is to end: it is held by it.
 * @throws Error that says why nobody can listen there
 */
export function listenInside(
  holder: Pick<NamespaceHolder, 'enter'>,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<Server> {
  const command = holder.enter([process.execPath, '-e', PROGRAM, host, String(port)], false);
  const child = spawn('nsenter', command, { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  return new Promise((resolve, reject) => {
    let said = '';
    const failed = (): void => {
      reject(new Error(`nobody can listen at ${host}:${String(port)}: ${said.trim()}`));
    };
    child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
    child.on('message', (message, server) => {
      if (server instanceof Server) resolve(server);
      else said += JSON.stringify(message);
    });
    child.once('error', reject);
    // After the last message; a promise that was resolved stays so.
    child.once('close', failed);
  });
}

/** Lets a server of HTTP answer at such a socket; it may have others beside it. */
export function answerAt(socket: Server, http: Pick<HttpServer, 'emit'>): void {
  socket.on('connection', (connection) => {
    http.emit('connection', connection);
    connection.resume();
  });
}
