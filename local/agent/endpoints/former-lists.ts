/** Waits until no proxy uses a list of endpoints that was replaced: only then nobody sends anything to who left it. */
import pWaitFor from 'p-wait-for';
import { ENDPOINT_VERSIONS_PATH, usesAny } from '../core/envoy/endpoint-versions.ts';
import type { EnvoyProcess } from '../runtime/envoy-process.ts';

export type ListeningProxy = Pick<EnvoyProcess, 'admin' | 'live'>;

/** Envoy takes a moved file up in 10 to 13 ms: asked earlier, it would be asked twice. */
const LOOK_MS = 15;
/** A busy machine gets this long; a proxy that is stopped (SIGSTOP) must not keep every task of the region from ending. */
const PATIENCE_MS = 2_000;

/**
 * @param former versions that were replaced
 * @returns how many proxies use one of them still, after `patience` milliseconds
 */
export async function usersOfFormerLists(
  proxies: Iterable<ListeningProxy>,
  former: ReadonlySet<string>,
  patience = PATIENCE_MS,
): Promise<number> {
  let behind: readonly ListeningProxy[] = former.size === 0 ? [] : [...proxies];
  const look = async (): Promise<boolean> => {
    const uses = await Promise.all(behind.map((proxy) => usesOne(proxy, former, patience)));
    behind = behind.filter((_, index) => uses[index] === true);
    return behind.length === 0;
  };
  if (behind.length > 0)
    await pWaitFor(look, { before: false, interval: LOOK_MS, timeout: patience }).catch(() => undefined);
  return behind.length;
}

/** One that does not answer while it runs may send something yet. */
async function usesOne(proxy: ListeningProxy, former: ReadonlySet<string>, timeout: number): Promise<boolean> {
  if (!proxy.live) return false;
  return proxy.admin('GET', ENDPOINT_VERSIONS_PATH, timeout).then(
    (stats) => usesAny(former, stats),
    () => proxy.live,
  );
}
