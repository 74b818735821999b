/** `npm run bench`: measures, shows, and writes docs/benchmarks.md. Starts a region of its own several times. */
import { writeFileSync } from 'node:fs';
import { arch, availableParallelism, release } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import type { ListrTask } from 'listr2';
import { publishTestbed } from '../../local/cli/commands/neighbours.ts';
import { useRegion } from '../../local/region/environment.ts';
import { ROOT } from '../../local/region/paths.ts';
import { requireRegion, runningRegion } from '../../local/region/region-file.ts';
import { runSteps } from '../../local/terminal/rendering.ts';
import { table } from '../../local/terminal/tables.ts';
import { numberOption } from '../../local/terminal/whole-number.ts';
import { Testbed } from '../../local/scenarios/testbed.ts';
import { COMPARISONS } from './comparisons.ts';
import { benchDocument, MEASURED_HEAD, measuredRows, PAIR_HEAD, pairRows, type Bench } from './document.ts';
import type { Sample } from './figures.ts';
import { firstPaint } from './first-paint.ts';
import { binaries, deploys, envoyPss, start, stop, synth } from './region-figures.ts';
import { SERVICES } from './testbed.ts';

/** More would take longer than anybody waits. */
const MOST_RUNS = 20;
const numberOfRuns = (text: string): number => numberOption(text, 1, MOST_RUNS);

async function bench(runs: number): Promise<Bench> {
  const each = (title: string, task: () => Promise<void>): ListrTask[] =>
    Array.from({ length: runs }, (_, index) => ({ title: `${title} (${String(index + 1)} of ${String(runs)})`, task }));
  const [starts, own, pss, synths, paints]: [number[], number[], number[], number[], number[]] = [[], [], [], [], []];
  await runSteps(each('synth', async () => void synths.push(await synth())));
  await runSteps(
    each('stop and start', async () => {
      await stop();
      starts.push(await start());
      own.push(...deploys());
      pss.push(...envoyPss());
      paints.push(...(await firstPaint()));
    }),
  );
  useRegion(requireRegion());
  const testbed = new Testbed(await publishTestbed());
  await runSteps([{ title: 'deploy the testbed', task: () => testbed.deploy(SERVICES) }]);
  const samples = new Map<string, Sample[][]>();
  // All pairs in a run, not all runs of a pair: what changes on the machine meanwhile is in every pair.
  for (let run = 1; run <= runs; run++)
    await runSteps(
      COMPARISONS.map(({ what, measure }) => ({
        title: `${what} (${String(run)} of ${String(runs)})`,
        task: async () => {
          samples.set(what, [...(samples.get(what) ?? []), [...(await measure(testbed))]]);
        },
      })),
    );
  return {
    machine: { cores: availableParallelism(), architecture: arch(), kernel: release() },
    date: new Date().toISOString().slice(0, 10),
    runs,
    measured: [
      { what: '`npm start`, everything built (s)', values: starts, digits: 1 },
      { what: 'a service from deploy to all tasks ready: tasks, Envoys, load balancer (s)', values: own, digits: 2 },
      { what: 'Envoy memory, Pss (MiB)', values: pss, digits: 1 },
      { what: 'synth of one project, without CloudFormation’s validation (s)', values: synths, digits: 1 },
      { what: 'first paint of the console’s page (ms)', values: paints, digits: 0 },
      binaries(),
    ],
    pairs: COMPARISONS.flatMap(({ what, kinds }) =>
      kinds.map((kind, index) => ({
        ...kind,
        samples: (samples.get(what) ?? []).flatMap((measured) => measured[index] ?? []),
      })),
    ),
    methods: Object.fromEntries(COMPARISONS.map(({ what, how }) => [what, how])),
  };
}

async function main({ runs }: { readonly runs: number }): Promise<void> {
  if (runningRegion() !== undefined)
    throw new Error('a region is running, and would be stopped: end it with `npm stop`');
  try {
    const made = await bench(runs);
    writeFileSync(join(ROOT, 'docs/benchmarks.md'), benchDocument(made));
    console.log(`\n${table(PAIR_HEAD, pairRows(made.pairs))}\n${table(MEASURED_HEAD, measuredRows(made.measured))}`);
  } finally {
    await runSteps([
      {
        title: 'stop the region',
        task: async () => {
          await stop();
        },
      },
    ]);
  }
}

const program = new Command('bench')
  .description('measure, and write docs/benchmarks.md')
  .option('--runs <runs>', 'how often', numberOfRuns, 3)
  .action(main);
try {
  await program.parseAsync();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
