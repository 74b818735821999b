/** `highlands neighbours`: plays the scenarios of the good-neighbour traits, and shows what was seen. */
import { writeFileSync } from 'node:fs';
import { pushLocalImage } from '../../images/push-local.ts';
import { chosen, inRounds, playSteps } from '../../scenarios/play.ts';
import { asJson, resultTable, scenarioTable, summary, type Result } from '../../scenarios/results.ts';
import type { Scenario } from '../../scenarios/scenario.ts';
import { SCENARIOS } from '../../scenarios/traits/all.ts';
import { Testbed } from '../../scenarios/testbed.ts';
import { cargoBuild } from '../../deploy/cargo-build.ts';
import { whenInterrupted } from '../interrupt.ts';
import { changeOrders, clearOrders, readOrders } from '../../region/orders.ts';
import { useRegion } from '../../region/environment.ts';
import { REGION, ROOT } from '../../region/paths.ts';
import { requireRegion, runningRegion } from '../../region/region-file.ts';
import { removeRegion } from '../../supervisor/start-region.ts';
import { runSteps } from '../../terminal/rendering.ts';
import { startAndDeploy } from './up.ts';

export interface NeighboursOptions {
  /** Scenarios by a part of their id or trait. */
  readonly only: readonly string[];
  readonly list: boolean;
  /** Where the region answers if it has to be started. */
  readonly port: number;
  /** How often each is played. */
  readonly rounds: number;
  /** A file for the results. */
  readonly json?: string;
}

export async function neighbours({ only, list, port, rounds, json }: NeighboursOptions): Promise<void> {
  const scenarios = inRounds(chosen(SCENARIOS, only), rounds);
  if (list) {
    console.log(scenarioTable(scenarios));
    return;
  }
  const played = runningRegion() === undefined ? await inOwnRegion(port, scenarios) : await inRegion(scenarios);
  const results = played.sort((a, b) => scenarios.indexOf(a.scenario) - scenarios.indexOf(b.scenario));
  if (json !== undefined) writeFileSync(json, asJson(results));
  console.log(`\n${resultTable(results)}\n${summary(results)}`);
  if (results.some(({ passed }) => !passed)) process.exitCode = 1;
}

async function inOwnRegion(port: number, scenarios: readonly Scenario[]): Promise<Result[]> {
  return endingWith('stop the region', removeRegion, async (interrupted) => {
    await startAndDeploy({ port });
    return play(new Testbed(await publishTestbed()), scenarios, interrupted);
  });
}

/** In a region that somebody uses: it is left as it was found. */
async function inRegion(scenarios: readonly Scenario[]): Promise<Result[]> {
  useRegion(requireRegion());
  const orders = readOrders();
  // A fault that somebody asked for would be seen in the results.
  await clearOrders();
  const testbed = new Testbed(await publishTestbed());
  const restore = async (): Promise<void> => {
    await changeOrders(() => orders);
    await testbed.clear();
  };
  return endingWith('take the testbed away', restore, (interrupted) => play(testbed, scenarios, interrupted));
}

/** @param last is done once, however it ends: also by Ctrl-C in the middle, after which the work begins nothing new */
async function endingWith<T>(
  title: string,
  last: () => Promise<void>,
  work: (interrupted: AbortSignal) => Promise<T>,
): Promise<T> {
  const interruption = new AbortController();
  let ended: Promise<void> | undefined;
  const end = (): Promise<void> => (ended ??= runSteps([{ title, task: last }]));
  whenInterrupted(() => {
    interruption.abort();
    return end();
  });
  try {
    return await work(interruption.signal);
  } finally {
    await end();
  }
}

/** @returns its image */
export async function publishTestbed(): Promise<string> {
  const { endpoint } = requireRegion();
  const binary = 'testbed';
  let image = '';
  await runSteps([
    cargoBuild(`${ROOT}/services-rust`, binary).step,
    {
      title: 'publish the testbed',
      task: async () => {
        image = await pushLocalImage({ binary, repositoryRoot: ROOT, region: REGION, endpoint });
      },
    },
  ]);
  return image;
}

/** A scenario that fails says so in the table; the others are played all the same. */
async function play(testbed: Testbed, scenarios: readonly Scenario[], interrupted: AbortSignal): Promise<Result[]> {
  const results: Result[] = [];
  await runSteps(
    playSteps(testbed, scenarios, (result) => results.push(result)).map((step) => ({
      ...step,
      skip: () => interrupted.aborted,
    })),
    { exitOnError: false },
  );
  return results;
}
