/**
 * Connections that security groups did not let through, as the kernel counts them: the hashlimit match keeps a table of
 * who asked whom for which port. https://man7.org/linux/man-pages/man8/iptables-extensions.8.html
 */
import type { Direction } from '../mesh.ts';

export const DIRECTIONS = ['egress', 'ingress'] as const satisfies readonly Direction[];

/** What no route, or nobody who started the region, lets out of its VPC. */
export const WAY_OUT = 'way-out';
export type Refusing = Direction | typeof WAY_OUT;

/** The table's name below `/proc/PID/net/ipt_hashlimit`. */
export const deniedTable = (direction: Refusing): string => `denied-${direction}`;

/** As many packets of one row are told apart before the count stands still; more would overflow the kernel's credit. */
const MOST_PACKETS = 2_000;
/** A row that saw nothing for so long is forgotten by the kernel. */
const REMEMBERED_MS = 600_000;

/** A rule without a target: it counts and lets the next rule decide. */
export function countDenied(direction: Refusing): string {
  const limit = `--hashlimit-upto 1/minute --hashlimit-burst ${String(MOST_PACKETS)}`;
  const rows = `--hashlimit-mode srcip,dstip,dstport --hashlimit-htable-expire ${String(REMEMBERED_MS)}`;
  return `-p tcp -m hashlimit ${limit} ${rows} --hashlimit-name ${deniedTable(direction)}`;
}

/** A row of the kernel's table. */
export interface CountedRow {
  readonly from: string;
  readonly to: string;
  readonly port: number;
  /** Packets that used up credit; a little comes back as time goes by, so it is no whole number. */
  readonly used: number;
}

export interface DeniedRow extends CountedRow {
  readonly missing: Direction;
}

/** Rows look like `599 10.0.0.4:0->10.0.0.6:3000 CREDIT CREDIT_CAP COST`. */
export function parseCounted(text: string): CountedRow[] {
  return [...text.matchAll(/^\d+ ([\d.]+):\d+->([\d.]+):(\d+) (\d+) (\d+) (\d+)$/gm)].map((found) => {
    const [from = '', to = ''] = found.slice(1);
    const [port, credit, most, cost] = found.slice(3).map(Number) as [number, number, number, number];
    return { from, to, port, used: (most - credit) / cost };
  });
}

export interface DeniedConnection {
  readonly missing: Direction;
  readonly from: string;
  readonly to: string;
  readonly port: number;
  readonly packets: number;
  /** The tasks that had the addresses when it was first seen: another task may get one of them later. */
  readonly fromArn: string | undefined;
  readonly toArn: string | undefined;
  /** Epoch milliseconds. */
  readonly firstAt: number;
  readonly lastAt: number;
  /** What the row had used at the last look. */
  readonly used: number;
}

/** What is known after another look at the tables, with the ARN of the owner of each address; what the kernel forgot is forgotten. */
export function deniedAfter(
  before: readonly DeniedConnection[],
  rows: readonly DeniedRow[],
  ownerOf: (address: string) => string | undefined,
  now: number,
): DeniedConnection[] {
  const keyOf = ({ missing, from, to, port }: DeniedRow | DeniedConnection) =>
    `${missing} ${from} ${to} ${String(port)}`;
  const known = new Map(before.map((one) => [keyOf(one), one]));
  return rows.map((row) => {
    const one = known.get(keyOf(row));
    const packets = Math.max(0, Math.round(row.used - (one?.used ?? 0)));
    return {
      ...row,
      packets: (one?.packets ?? 0) + packets,
      fromArn: one === undefined ? ownerOf(row.from) : one.fromArn,
      toArn: one === undefined ? ownerOf(row.to) : one.toArn,
      firstAt: one?.firstAt ?? now,
      lastAt: packets > 0 || one === undefined ? now : one.lastAt,
    };
  });
}
