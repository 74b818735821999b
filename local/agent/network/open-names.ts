/** The addresses of what is open by name, as this machine resolves it: for the rules of the routers and for the VPCs' resolvers. */
import { isIPv4 } from 'node:net';
import { oneLine } from '../../region/one-line.ts';
import { HOST_NAME, type Egress } from '../../region/outside.ts';
import type { OpenWays } from '../core/network/way-out-rules.ts';
import { Repeating, type SideWork } from '../loop/side-work.ts';
import type { ComplaintBook } from '../reports/complaint-book.ts';

/** As long as the answers are kept by who asks: agent/core/names/vpc-zones.ts. */
const PAUSE_MS = 30_000;
/** An address that is no longer answered stays open for as long as a careless client keeps it. */
const KEPT_MS = 10 * 60_000;

export interface OpenNamesParts {
  readonly egress: () => Egress;
  /** @throws Error when the name has no IPv4 address */
  readonly lookUp: (name: string) => Promise<readonly string[]>;
  readonly book: Pick<ComplaintBook, 'round'>;
  readonly onChange: () => void;
  readonly now?: () => number;
}

interface Found {
  readonly newest: readonly string[];
  /** By address, when it was answered last. */
  readonly open: ReadonlyMap<string, number>;
}

export class OpenNames implements SideWork {
  readonly #parts: OpenNamesParts;
  readonly #now: () => number;
  readonly #looking = new Repeating(() => this.look(), PAUSE_MS);
  readonly #found = new Map<string, Found>();
  readonly #asking = new Map<string, Promise<string | undefined>>();
  /** Of the looks the newest tells what is wrong. */
  #turn = 0;

  constructor(parts: OpenNamesParts) {
    this.#parts = parts;
    this.#now = parts.now ?? Date.now;
  }

  start(): void {
    this.#looking.start();
  }

  stop(): void {
    this.#looking.stop();
  }

  #names(): string[] {
    const { destinations } = this.#parts.egress();
    return [...new Set(destinations.map(({ host }) => host))].filter((host) => !isIPv4(host));
  }

  /** Asks for all names again, all at once: one that nobody answers for keeps no other closed. */
  async look(): Promise<void> {
    const turn = ++this.#turn;
    const names = this.#names();
    for (const name of this.#found.keys()) if (!names.includes(name)) this.#found.delete(name);
    const failures = await Promise.all(names.map(async (name) => [name, await this.#once(name)] as const));
    // The list may be another one by now, and was looked at since.
    if (turn !== this.#turn) return;
    const round = this.#parts.book.round('names of --egress');
    for (const [name, failure] of failures) if (failure !== undefined) round.complain(`--egress ${name}`, failure);
    round.end();
  }

  /** Whoever comes while a name is asked for waits for the same answer. @returns why there is none */
  #once(name: string): Promise<string | undefined> {
    const asking =
      this.#asking.get(name) ??
      this.#renew(name)
        .then(() => undefined, oneLine)
        .finally(() => this.#asking.delete(name));
    this.#asking.set(name, asking);
    return asking;
  }

  /** What it had stays, should nobody answer. */
  async #renew(name: string): Promise<void> {
    const newest = await this.#lookedUp(name);
    const now = this.#now();
    const known = this.#found.get(name);
    const open = new Map([...(known?.open ?? [])].filter(([, at]) => now - at < KEPT_MS));
    for (const address of newest) open.set(address, now);
    const fresh = { newest: [...newest].sort(), open };
    this.#found.set(name, fresh);
    if (shown(known) !== shown(fresh)) this.#parts.onChange();
  }

  async #lookedUp(name: string): Promise<readonly string[]> {
    const found = await this.#parts.lookUp(name).catch((error: unknown) => {
      throw new Error(`this machine does not resolve ${name}, and tries again: ${oneLine(error)}`, { cause: error });
    });
    const outside = found.filter((address) => !address.startsWith('127.'));
    if (outside.length > 0) return outside;
    throw new Error(`${name} is this machine's loopback: open it with \`--egress host\`, as ${HOST_NAME}`);
  }

  /** What the resolvers of the VPCs answer. */
  addresses(): ReadonlyMap<string, readonly string[]> {
    return new Map(this.#names().map((name) => [name, this.#found.get(name)?.newest ?? []]));
  }

  /** What the routers of the VPCs let out. */
  openWays(): OpenWays {
    const { host, all, destinations } = this.#parts.egress();
    const addressesOf = (name: string): string[] =>
      isIPv4(name) ? [name] : [...(this.#found.get(name)?.open.keys() ?? [])];
    return {
      host,
      all,
      destinations: destinations.flatMap((one) =>
        addressesOf(one.host).map((address) => ({ address, port: one.port })),
      ),
    };
  }
}

const shown = (found: Found | undefined): string =>
  JSON.stringify([found?.newest, [...(found?.open.keys() ?? [])].sort()]);
