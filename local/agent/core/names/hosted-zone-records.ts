/** The records of a hosted zone, aliases resolved: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/routing-policy.html */
import type { HostedZone, RecordSet } from './region-names.ts';
import { fullName, type ZoneRecords, type ZoneSet } from './zone-file.ts';

/** https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resource-record-sets-values-alias.html: that of a load balancer */
const ALIAS_TTL_SECONDS = 60;
/** An alias may lead to another one; more than these are a circle. */
const MOST_ALIASES = 8;

export interface AliasSources {
  /** The addresses of a load balancer, by its name. */
  readonly addressesOf: (name: string) => readonly string[] | undefined;
  readonly complain: (message: string) => void;
}

/** Route 53 writes a byte as three octal digits, a zone file as three decimal ones: RFC 1035, section 5.1. */
const decimal = (name: string): string =>
  name.replaceAll(/\\([0-3][0-7]{2})/g, (_, digits: string) => `\\${String(parseInt(digits, 8)).padStart(3, '0')}`);

export function hostedZoneRecords(zone: HostedZone, region: string, sources: AliasSources): ZoneRecords[] {
  const groups = new Map<string, RecordSet[]>();
  for (const one of zone.recordSets) {
    const key = `${fullName(one.name)} ${one.type}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    const sets = chosen(group, region).flatMap((one) => setsOf(one, zone, groups, sources, MOST_ALIASES));
    if (first === undefined || sets.length === 0) return [];
    const kind = first.policy.kind;
    const policy = kind === 'failover' ? 'weighted' : kind === 'nearest' ? 'simple' : kind;
    return [{ name: fullName(decimal(first.name)), type: first.type, policy, sets }];
  });
}

/** Everybody who asks is in this region, so that of records for the nearest one is left: that of the region, or the first. */
function chosen(group: readonly RecordSet[], region: string): readonly RecordSet[] {
  const nearest = group.filter(({ policy }) => policy.kind === 'nearest');
  if (nearest.length === 0) return group;
  const own = nearest.find(({ policy }) => policy.kind === 'nearest' && policy.region === region);
  return [own ?? nearest[0]].flatMap((one) => one ?? []);
}

function setsOf(
  one: RecordSet,
  zone: HostedZone,
  groups: ReadonlyMap<string, readonly RecordSet[]>,
  sources: AliasSources,
  left: number,
): ZoneSet[] {
  // Health checks of Route 53 are not made: the primary one is always there.
  const { policy } = one;
  const weight =
    policy.kind === 'weighted' ? policy.weight : policy.kind === 'failover' && !policy.primary ? 0 : undefined;
  const more = weight === undefined ? {} : { weight };
  if (one.alias === undefined) return one.values.length === 0 ? [] : [{ ttl: one.ttl, values: one.values, ...more }];
  const target = fullName(one.alias).replace(/^dualstack\./, '');
  const addresses = sources.addressesOf(target);
  if (addresses !== undefined)
    return one.type !== 'A' || addresses.length === 0 ? [] : [{ ttl: ALIAS_TTL_SECONDS, values: addresses, ...more }];
  const others = groups.get(`${target} ${one.type}`) ?? [];
  if (others.length === 0)
    sources.complain(`the alias ${one.name} (${one.type}) leads to ${one.alias}, which is not in this region`);
  return left === 0
    ? []
    : others.flatMap((other) => setsOf(other, zone, groups, sources, left - 1)).map((set) => ({ ...set, ...more }));
}
