/** In the place of execa, which is a module of a kind that jest does not load: runs a program as it is told, for real. */
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';

export async function execa(command: string, args: readonly string[], { input }: { readonly input: string }) {
  const child = spawn(command, args);
  // A program that reads nothing may end before.
  child.stdin.on('error', () => undefined).end(input);
  const exited = new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
  const [stdout, stderr, exitCode] = await Promise.all([text(child.stdout), text(child.stderr), exited]);
  return { stdout, stderr, exitCode };
}
