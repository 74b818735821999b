/** Apps of others, by their shapes: what the check says of each before anything starts. For tests and the documents. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { Complaint } from '../../region/complaint.ts';
import { parseDocument } from 'yaml';
import { isRefused } from '../../support/check.ts';
import { type App, type AppOptions, NOTHING_YET } from '../app.ts';
import { readAssembly, wrapped } from '../assemble.ts';
import { checkApps } from '../check-apps.ts';
import { deployedOf } from '../variables.ts';
import { CDK_SAMPLE } from './sample-cdk.ts';

const DIRECTORY = join(import.meta.dirname, 'sample');

/** What a template of the sample says of itself. */
const Said = z.object({
  Description: z.string(),
  Metadata: z.object({
    Sample: z.object({
      /** What it takes beside a Fargate service with logs, roles and a load balancer. */
      Needs: z.array(z.string()),
      /** Templates that are deployed with it, of the folder `parts`. */
      With: z.array(z.string()).default([]),
      /** What whoever deploys it gives, on AWS too. */
      Parameters: z.record(z.string(), z.string()).default({}),
      Ssm: z.record(z.string(), z.string()).default({}),
    }),
  }),
});

export interface SampleRow {
  readonly name: string;
  readonly shape: string;
  readonly needs: readonly string[];
  /** Why it is refused; empty where it is accepted. */
  readonly refused: readonly Reason[];
}

interface Reason {
  /** The type, and the property; empty of a template that can't be read. */
  readonly what: string;
  readonly note: string;
}

const NO_OPTIONS: AppOptions = { app: [], template: [], parameter: {}, ssm: {}, image: {} };

function refusedOf(read: () => readonly App[], given: Pick<AppOptions, 'parameter' | 'ssm'>): Reason[] {
  const options = { ...NO_OPTIONS, ...given };
  try {
    const apps = read().map((app) => deployedOf(app, options));
    return checkApps(apps, options, NOTHING_YET)
      .filter(isRefused)
      .map(({ type, property, note }) => ({ what: property === '' ? type : `${type} ${property}`, note }));
  } catch (error) {
    if (!(error instanceof Complaint)) throw error;
    return [{ what: '', note: error.message.replaceAll(`${DIRECTORY}/`, '') }];
  }
}

function ofTemplate(file: string, outdir: string): SampleRow {
  // Tags of CloudFormation are read by the check; here is only what the template says of itself.
  const read: unknown = parseDocument(readFileSync(join(DIRECTORY, file), 'utf8'), { logLevel: 'silent' }).toJS();
  const { Description: shape, Metadata } = Said.parse(read);
  const { Needs: needs, With, Parameters: parameter, Ssm: ssm } = Metadata.Sample;
  const files = [...With.map((part) => `parts/${part}.yaml`), file];
  const apps = () => files.map((one, index) => wrapped(join(DIRECTORY, one), join(outdir, String(index))));
  return { name: basename(file, '.yaml'), shape, needs, refused: refusedOf(apps, { parameter, ssm }) };
}

/** @returns a row for each app, by name */
export function sampleRows(): SampleRow[] {
  const scratch = mkdtempSync(join(tmpdir(), 'highlands-sample-'));
  try {
    const templates = readdirSync(DIRECTORY)
      .filter((name) => name.endsWith('.yaml'))
      .map((file) => ofTemplate(file, join(scratch, file)));
    const synthesised = CDK_SAMPLE.map(({ name, shape, needs, synth }) => ({
      ...{ name, shape, needs },
      refused: refusedOf(() => [readAssembly(name, synth(join(scratch, name)))], { parameter: {}, ssm: {} }),
    }));
    return [...templates, ...synthesised].sort((a, b) => a.name.localeCompare(b.name, 'en'));
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

/** What most apps are refused for, with their names; the same in several resources of one app counts once. */
export function refusedMost(rows: readonly SampleRow[]): (readonly [note: string, apps: readonly string[]])[] {
  const apps = new Map<string, Set<string>>();
  for (const { name, refused } of rows)
    for (const { note } of refused) apps.set(note, (apps.get(note) ?? new Set()).add(name));
  return [...apps]
    .map(([note, names]) => [note, [...names]] as const)
    .sort(([a, left], [b, right]) => right.length - left.length || a.localeCompare(b, 'en'));
}
