/** Hands out the addresses of subnets. */
import type { Subnet } from '../core/region-state.ts';
import { nextAddress } from '../core/topology/addresses.ts';

export class AddressPool {
  readonly #used = new Set<string>();
  readonly #last = new Map<string, string>();

  /** @throws Error when the subnet is full */
  take(subnet: Subnet): string {
    const address = nextAddress(subnet, this.#used, this.#last.get(subnet.id));
    this.#used.add(address);
    this.#last.set(subnet.id, address);
    return address;
  }

  /** Keeps an address that is in use already. */
  keep(address: string, subnet?: Subnet): void {
    this.#used.add(address);
    if (subnet !== undefined) this.#last.set(subnet.id, address);
  }

  give(address: string): void {
    this.#used.delete(address);
  }
}
