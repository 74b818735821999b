/** Whether a port of this machine is free. Where nothing is installed yet, script/setup/ports.mjs looks. */
import { createServer } from 'node:net';

/** @param port 0 for any @returns the port when it is free: another process may have it a moment later */
export function freePort(port: number, address = '127.0.0.1'): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => {
      resolve(undefined);
    });
    server.listen(port, address, () => {
      const bound = server.address();
      server.close(() => {
        resolve(typeof bound === 'object' ? bound?.port : undefined);
      });
    });
  });
}
