/** Which capacity provider gets the next tasks: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CapacityProviderStrategyItem.html */

export interface CapacityProviderItem {
  readonly capacityProvider: string;
  /** Tasks that it gets before weights count. */
  readonly base: number;
  /** Its share of the others, relative to the other weights. */
  readonly weight: number;
}

/**
 * The providers of `count` more tasks: bases first, then the one that one more task brings nearest to its share.
 * @param running the providers of the deployment's tasks
 * @returns nothing when there is no strategy: the launch type says it all
 */
export function nextProviders(
  strategy: readonly CapacityProviderItem[],
  running: readonly (string | undefined)[],
  count: number,
): string[] {
  const tasks = [...running];
  const on = ({ capacityProvider }: CapacityProviderItem): number =>
    tasks.filter((one) => one === capacityProvider).length;
  const weighted = strategy.filter(({ weight }) => weight > 0);
  const chosen: string[] = [];
  while (chosen.length < count) {
    const next =
      weighted.find((item) => on(item) < item.base) ??
      [...weighted].sort((a, b) => (on(a) - a.base + 1) / a.weight - (on(b) - b.base + 1) / b.weight)[0];
    if (next === undefined) return [];
    tasks.push(next.capacityProvider);
    chosen.push(next.capacityProvider);
  }
  return chosen;
}
