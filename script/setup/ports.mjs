/** Whether a port of this machine is free, and which one is. */
import { createServer } from 'node:net';

/** @returns `free`, `taken`, or `forbidden`: a user may not listen below 1024 */
export function stateOf(port) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', ({ code }) => {
      resolve(code === 'EACCES' ? 'forbidden' : 'taken');
    });
    server.listen(port, '127.0.0.1', () => {
      server.close(() => {
        resolve('free');
      });
    });
  });
}

/** Beyond this many taken ones in a row something else is wrong. */
const LOOKED_AT = 200;
/** Below it only root may listen: ip(7), ip_unprivileged_port_start. */
const FIRST_OF_USERS = 1024;

/**
 * @param reserved ports that something of ours takes a moment later
 * @returns the first free port after this one; undefined when there is none near it
 */
export async function freeAfter(port, reserved, look = stateOf) {
  const first = Math.max(port + 1, FIRST_OF_USERS);
  for (let next = first; next <= Math.min(first + LOOKED_AT, 65_535); next += 1)
    if (!reserved.includes(next) && (await look(next)) === 'free') return next;
  return undefined;
}

/** @returns one line with the remedy; undefined where the port is free. @param choose what to type for another one */
export function portComplaint({ port, state, free, choose }) {
  if (state === 'free') return undefined;
  const another = free === undefined ? 'choose another' : `choose another, ${choose(free)}`;
  return state === 'forbidden'
    ? `port ${port} is for root only: ${another}`
    : `port ${port} is in use: free it, or ${another}`;
}

/** Looks at one. @returns what portComplaint takes */
export async function lookAtPort({ port, reserved, choose }) {
  const state = await stateOf(port);
  return { port, state, choose, free: state === 'free' ? undefined : await freeAfter(port, reserved) };
}
