/** What runs, as the supervisor writes it down. */
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { Complaint } from './complaint.ts';
import { moveIntoSync } from './move-into.ts';
import { REGION_FILE } from './paths.ts';
import { readJson } from './read-json.ts';

/** Of an access key that this region alone takes. */
const Credentials = z.object({ accessKeyId: z.string().min(1), secretAccessKey: z.string().min(1) });
export type RegionCredentials = z.infer<typeof Credentials>;

export const Region = z.object({
  regionId: z.string(),
  supervisorPid: z.number().int(),
  /** The agent, as the host sees it. */
  agentPid: z.number().int().optional(),
  /** The first process of the agent's PID namespace, which outlives the agent. */
  holderPid: z.number().int().optional(),
  endpoint: z.string(),
  /** What every client signs with. */
  credentials: Credentials,
  port: z.number().int(),
  startedAt: z.string(),
  /** Where the console answers, and what changes something needs. */
  console: z.object({ port: z.number().int(), token: z.string() }).optional(),
  /** Why it ended by itself, if it did. */
  ended: z.string().optional(),
});
export type Region = z.infer<typeof Region>;

export function readRegion(): Region | undefined {
  return existsSync(REGION_FILE)
    ? readJson(REGION_FILE, Region, 'delete it and start again with `npm start`')
    : undefined;
}

export function writeRegion(region: Region): void {
  mkdirSync(dirname(REGION_FILE), { recursive: true });
  // The region's credentials and the console's token are in it.
  moveIntoSync(REGION_FILE, JSON.stringify(region, undefined, 2), { mode: 0o600 });
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // A zombie is dead, only not buried yet.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${String(pid)}/status`, 'utf8'));
  } catch {
    return false;
  }
}

/** The region if its supervisor lives. */
export function runningRegion(): Region | undefined {
  const region = readRegion();
  return region !== undefined && region.ended === undefined && isAlive(region.supervisorPid) ? region : undefined;
}

export function urlOf({ port }: Pick<Region, 'port'>): string {
  return `http://localhost:${String(port)}`;
}

/** With the token, in the part of the address that a browser keeps to itself. */
export function consoleUrlOf({ console }: Pick<Region, 'console'>): string | undefined {
  return console === undefined ? undefined : `http://127.0.0.1:${String(console.port)}/#token=${console.token}`;
}

/** @throws Complaint when nothing runs */
export function requireRegion(): Region {
  const region = runningRegion();
  if (region === undefined) throw new Complaint('nothing is running: start the local region with `npm start`');
  return region;
}
