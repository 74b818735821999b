/** The file of what this agent started, for the next one: docs/adr/0010-tasks-outlive-the-agent.md. */
import { existsSync, readFileSync, readlinkSync } from 'node:fs';
import { Ledger } from '../core/ledger.ts';
import { moveInto } from '../../region/move-into.ts';
import { statOf } from '../../region/process-identity.ts';

type Content = Omit<Ledger, 'namespaces'>;

/** The PID namespace that this process is in, by its first process: the number of a namespace is used again. */
const namespacesHere = (): string => `${readlinkSync('/proc/self/ns/pid')} ${String(statOf(1)?.born)}`;

export class LedgerFile {
  /** What an agent before this one started in these namespaces; undefined when there was none, or nobody can read it. */
  readonly former: Ledger | undefined;
  readonly #path: string;
  readonly #namespaces: string;
  #written = '';

  constructor(path: string, log: (message: string) => void, namespaces = namespacesHere()) {
    this.#path = path;
    this.#namespaces = namespaces;
    const found = existsSync(path) ? parsed(readFileSync(path, 'utf8')) : undefined;
    if (typeof found === 'string') log(`${path} can't be read, and nothing of what it tells is taken over: ${found}`);
    else if (found?.namespaces === namespaces) this.former = found;
  }

  async write(content: Content): Promise<void> {
    const text = JSON.stringify({ namespaces: this.#namespaces, ...content } satisfies Ledger);
    if (text === this.#written) return;
    await moveInto(this.#path, text, { mode: 0o600 });
    this.#written = text;
  }
}

/** @returns why not, when it is none */
function parsed(text: string): Ledger | string {
  try {
    const { data, error } = Ledger.safeParse(JSON.parse(text));
    return data ?? `${error.issues[0]?.path.join('.') ?? 'it'} is not as an agent writes it`;
  } catch {
    return 'it is not JSON';
  }
}
