/**
 * What an unfinished delivery replaced, on disk: its steps may be processes of their own, as in the workflow. It is made
 * by the first publish, and goes when the smoke test passes or the images are rolled back.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DEFAULT_STAGE, SERVICE_NAMES } from '@highlands/connected-service/names';
import { z } from 'zod';
import { STATE } from '../../local/region/paths.ts';

/** The image reference of each service before the delivery; null for one that ran nothing. */
const Record = z.record(z.enum(SERVICE_NAMES), z.string().nullable());
export type ImagesBefore = z.infer<typeof Record>;

/** Each stage has its own: a delivery of one says nothing about another. */
export function recordFile(stage: string): string {
  return join(STATE, stage === DEFAULT_STAGE ? 'delivery.json' : `delivery-${stage}.json`);
}

export function readRecord(file: string): ImagesBefore | undefined {
  return existsSync(file) ? Record.parse(JSON.parse(readFileSync(file, 'utf8'))) : undefined;
}

/** Keeps a record that is there: what a failed delivery published is nothing to go back to. */
export function writeRecord(file: string, before: ImagesBefore): void {
  if (existsSync(file)) return;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(before, undefined, 2));
}

export function forgetRecord(file: string): void {
  rmSync(file, { force: true });
}
