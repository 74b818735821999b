/** One bash for a whole session, as a person has it: variables stay. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import type { Readable } from 'node:stream';

export interface Result {
  readonly code: number;
  readonly output: string;
}

export class Shell {
  readonly #process: ChildProcess;
  readonly #codes: Interface;
  readonly #folder = mkdtempSync(join(tmpdir(), 'docs-'));

  constructor(cwd: string, environment: NodeJS.ProcessEnv) {
    this.#process = spawn('bash', ['--noprofile', '--norc'], {
      cwd,
      env: environment,
      stdio: ['pipe', 'inherit', 'inherit', 'pipe'],
    });
    this.#codes = createInterface({ input: this.#process.stdio[3] as Readable });
  }

  run(statement: string): Promise<Result> {
    const file = join(this.#folder, 'output');
    return new Promise((resolve, reject) => {
      const onExit = (): void => {
        reject(new Error(`the shell ended at: ${statement}`));
      };
      this.#process.once('exit', onExit);
      this.#codes.once('line', (line) => {
        this.#process.off('exit', onExit);
        resolve({ code: Number(line), output: readFileSync(file, 'utf8') });
      });
      // In braces, not in a subshell: variables and the folder are those of the next statement too.
      this.#process.stdin?.write(`{ ${statement}\n} </dev/null >'${file}' 2>&1; echo $? >&3\n`);
    });
  }

  end(): void {
    this.#process.stdin?.end();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
