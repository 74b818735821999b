/**
 * Ends the connections into a zone that is lost. Nobody there answers any more, and a proxy that waits would do so until its
 * request timeout; what gets a reset instead is tried again where its own settings say so.
 */
import type { ComplaintBook } from '../reports/complaint-book.ts';
import type { Complain } from '../../region/complaints.ts';
import type { NamespaceHolder } from '../runtime/namespace-holder.ts';

/** Ends the connections of a namespace with these addresses. */
type Disconnect = (holder: NamespaceHolder, peers: readonly string[]) => Promise<void>;

export class LostConnections {
  readonly #disconnect: Disconnect;
  /** The addresses whose connections were ended: once is enough, as no new connections come about. */
  #ended: ReadonlySet<string> = new Set();

  constructor(disconnect: Disconnect) {
    this.#disconnect = disconnect;
  }

  /**
   * Before the zone is cut off, so that a connection on which nothing is under way just ends; and after it, for those that
   * came about meanwhile.
   * @param lost addresses that nobody reaches any more
   * @param holders of every namespace, by what a complaint calls it
   */
  async around(
    lost: readonly string[],
    holders: ReadonlyMap<string, NamespaceHolder>,
    book: ComplaintBook,
    cutOff: () => Promise<void>,
  ): Promise<void> {
    const fresh = lost.filter((address) => !this.#ended.has(address));
    this.#ended = new Set(lost);
    // A client that connects again at once is no reason for a complaint yet.
    if (fresh.length > 0) await this.#end(fresh, holders, () => undefined);
    await cutOff();
    if (fresh.length === 0) return;
    await book.step('connections into lost zones', (complain) => this.#end(fresh, holders, complain));
  }

  async #end(
    addresses: readonly string[],
    holders: ReadonlyMap<string, NamespaceHolder>,
    complain: Complain,
  ): Promise<void> {
    const act = ([name, holder]: [string, NamespaceHolder]): Promise<void> =>
      this.#disconnect(holder, addresses).catch((error: unknown) => {
        if (holder.running) complain(name, error instanceof Error ? error.message : String(error));
      });
    // All at once: until then each of them waits for somebody who never answers.
    await Promise.all([...holders].map(act));
  }
}
