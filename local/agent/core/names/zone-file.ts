/** What the resolver of a VPC reads: local/control-plane/highlands_resolver/zones.py. The example of both is local/aws-shapes/vpc-zones.json. */

export interface ZoneSet {
  readonly ttl: number;
  /** As in a zone file: RFC 1035, section 5. */
  readonly values: readonly string[];
  readonly weight?: number;
  readonly healthy?: boolean;
}

/** All record sets with one name and type. */
export interface ZoneRecords {
  readonly name: string;
  readonly type: string;
  readonly policy: 'simple' | 'multivalue' | 'weighted';
  readonly sets: readonly ZoneSet[];
}

export interface ZoneOfFile {
  readonly name: string;
  readonly records: readonly ZoneRecords[];
}

/** What else a task with a way out of its VPC is answered. */
export interface OutsideOfFile {
  /** The addresses of those tasks. */
  readonly askers: readonly string[];
  readonly zones: readonly ZoneOfFile[];
  /** Who is asked for every other name; null where none of them is open. */
  readonly forward: string | null;
}

export interface ZoneFile {
  readonly zones: readonly ZoneOfFile[];
  readonly outside: OutsideOfFile;
}

export const simple = (name: string, type: string, ttl: number, values: readonly string[]): ZoneRecords => ({
  ...{ name, type, policy: 'simple' },
  sets: [{ ttl, values }],
});

/** Names are the same in any case, with and without the dot at their end: RFC 4343. */
export const fullName = (name: string): string => `${name.toLowerCase().replace(/\.$/, '')}.`;
