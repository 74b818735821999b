/** A "pause" process: it does nothing but hold a network and a mount namespace open, as Fargate's pause container does. */
import { spawn } from 'node:child_process';
import type { ProcessIdentity } from '../../region/process-identity.ts';
import { signalProcess } from './command.ts';
import { ended, identityOf } from '../../region/process-identity.ts';

/** Bind-mounted over the host's files inside the new mount namespace only. */
export interface Binding {
  readonly source: string;
  readonly target: string;
}

export class NamespaceHolder {
  readonly identity: ProcessIdentity;
  /** Resolves when it ended, by whatever hand. */
  readonly exited: Promise<void>;
  #running = true;

  private constructor(identity: ProcessIdentity, exited: Promise<unknown>) {
    this.identity = identity;
    this.exited = exited.then(() => {
      this.#running = false;
    });
  }

  /** Takes over one that another agent started. */
  static adopt(identity: ProcessIdentity): NamespaceHolder {
    return new NamespaceHolder(identity, ended(identity));
  }

  get pid(): number {
    return this.identity.pid;
  }

  get running(): boolean {
    return this.#running;
  }

  /** Resolves when the namespaces exist. @throws Error that says why they can't be made */
  static start(bindings: readonly Binding[] = []): Promise<NamespaceHolder> {
    const script = [
      'set -e',
      ...bindings.map((_, index) => `mount --bind "\${${2 * index + 1}}" "\${${2 * index + 2}}"`),
      'echo up',
      'exec sleep infinity',
    ].join('\n');
    const args = [
      '-n',
      '-m',
      '--propagation',
      'private',
      'sh',
      '-c',
      script,
      'pause',
      ...bindings.flatMap((b) => [b.source, b.target]),
    ];
    const child = spawn('unshare', args, { stdio: ['ignore', 'pipe', 'pipe'] });
    return new Promise((resolve, reject) => {
      let complaint = '';
      const exited = new Promise((resolveExit) => child.once('exit', resolveExit));
      child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
      child.stdout.once('data', () => {
        if (child.pid !== undefined) resolve(new NamespaceHolder(identityOf(child.pid), exited));
      });
      child.once('error', reject);
      child.once('exit', (code) => {
        reject(new Error(`a network namespace can't be made (exit code ${String(code)}): ${complaint.trim()}`));
      });
    });
  }

  /** The arguments of `nsenter` for a command inside; `mounts` off keeps the agent's own view of the files. */
  enter(command: readonly string[], mounts = true): string[] {
    return ['-t', String(this.pid), '-n', ...(mounts ? ['-m'] : []), '--', ...command];
  }

  /** Ends the holder; the kernel removes the namespaces with their interfaces when the last process in them ends. */
  stop(): void {
    if (this.running) signalProcess(this.pid, 'SIGKILL');
  }
}
