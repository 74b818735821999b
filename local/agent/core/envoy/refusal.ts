/** What Envoy says of a configuration that it refused: https://www.envoyproxy.io/docs/envoy/latest/operations/admin */
import { z } from 'zod';
import type { ProxyResources } from './discovery-response.ts';

const KINDS = { listeners: 'listener_manager.lds', clusters: 'cluster_manager.cds' } as const;

export const TAKE_UP_PATH = `/stats?filter=${encodeURIComponent('^(listener_manager.lds|cluster_manager.cds)[.](version_text|update_rejected)$')}`;
export const REFUSED_LISTENERS_PATH = '/config_dump?resource=dynamic_listeners&mask=name,error_state.details';

const valueOf = (stats: string, name: string): string | undefined =>
  stats
    .split('\n')
    .find((line) => line.startsWith(`${name}: `))
    ?.slice(name.length + 2)
    .replaceAll('"', '');

/** Whether both files are in force. The dump's own version is that of what was refused, so the statistic counts. */
export function isTaken(stats: string, resources: ProxyResources): boolean {
  return (['listeners', 'clusters'] as const).every(
    (kind) => valueOf(stats, `${KINDS[kind]}.version_text`) === resources[kind]['version_info'],
  );
}

/** Whether it ever refused one. */
export function isRefused(stats: string): boolean {
  return Object.values(KINDS).some((kind) => Number(valueOf(stats, `${kind}.update_rejected`) ?? 0) > 0);
}

const Dump = z.object({
  configs: z
    .array(
      z.object({
        name: z.string().default(''),
        error_state: z.object({ details: z.string() }).optional().catch(undefined),
      }),
    )
    .default([]),
});

/** Envoy's reasons for its listeners, each with its name; undefined when it has none. */
export function refusalInDump(dump: string): string | undefined {
  const { data } = Dump.safeParse(parsed(dump));
  const reasons = (data?.configs ?? []).flatMap(({ name, error_state }) =>
    // Each refusal is there a second time, without a name.
    error_state === undefined || name === '' ? [] : [`${name}: ${brief(error_state.details)}`],
  );
  return reasons.length === 0 ? undefined : reasons.join('; ');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const REJECTED = /Filesystem config update (?:rejected|failure): ([\s\S]*?)(?=\n\[\d{4}-|$)/g;

/** The last refusal in its log: it keeps no other record of clusters. */
export function refusalInLog(log: string): string {
  const last = [...log.matchAll(REJECTED)].at(-1)?.[1];
  return last === undefined ? 'its log has no reason' : brief(last);
}

/** More than that is a dump of the whole resource. */
const LONGEST = 400;

/** Envoy writes the whole resource before its reason. */
function brief(details: string): string {
  const [, reason = details] = /\n: ([\s\S]*)$/.exec(details) ?? [];
  const line = reason.replaceAll(/\s+/g, ' ').trim();
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line;
}
