/** A "pause" process: it does nothing but hold a network and a mount namespace open, as Fargate's pause container does. */
import { spawn, type ChildProcess } from 'node:child_process';
import { signalProcess } from './command.ts';

/** Bind-mounted over the host's files inside the new mount namespace only. */
export interface Binding {
  readonly source: string;
  readonly target: string;
}

export class NamespaceHolder {
  readonly pid: number;
  /** Resolves when it ended, by whatever hand. */
  readonly exited: Promise<void>;
  #running = true;

  private constructor(child: ChildProcess, pid: number) {
    this.pid = pid;
    this.exited = new Promise((resolve) => {
      child.once('exit', () => {
        this.#running = false;
        resolve();
      });
    });
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
      child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
      child.stdout.once('data', () => {
        if (child.pid !== undefined) resolve(new NamespaceHolder(child, child.pid));
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
