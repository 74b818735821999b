/** Plays scenarios one after the other, those that need the same services together. */
import type { ListrTask } from 'listr2';
import { Complaint } from '../region/complaint.ts';
import type { Result } from './results.ts';
import type { Scenario } from './scenario.ts';
import type { Testbed } from './testbed.ts';

/** Groups by what has to be deployed, in the order in which each is first needed. */
export function byServices(scenarios: readonly Scenario[]): Scenario[][] {
  const groups = new Map<string, Scenario[]>();
  for (const scenario of scenarios) {
    const key = JSON.stringify(scenario.services);
    groups.set(key, [...(groups.get(key) ?? []), scenario]);
  }
  return [...groups.values()];
}

/** @throws Complaint that names what matches nothing */
export function chosen(scenarios: readonly Scenario[], only: readonly string[]): Scenario[] {
  const matches = (scenario: Scenario, word: string): boolean =>
    scenario.id.includes(word) || scenario.trait.toLowerCase().includes(word.toLowerCase());
  const unknown = only.find((word) => !scenarios.some((scenario) => matches(scenario, word)));
  if (unknown !== undefined)
    throw new Complaint(`no scenario or trait ${unknown}: see them with \`npm run neighbours -- --list\``);
  return scenarios.filter((scenario) => only.length === 0 || only.some((word) => matches(scenario, word)));
}

/** The same again and again, as one round can be lucky. */
export const inRounds = (scenarios: readonly Scenario[], rounds: number): Scenario[] =>
  Array.from({ length: rounds }, (_, round) =>
    scenarios.map((one) => (rounds === 1 ? one : { ...one, id: `${one.id} ${String(round + 1)}/${String(rounds)}` })),
  ).flat();

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** @param note is told each result when it is there. @returns a step for each scenario, and one for each deploy */
export function playSteps(
  testbed: Testbed,
  scenarios: readonly Scenario[],
  note: (result: Result) => void,
): ListrTask[] {
  return byServices(scenarios).flatMap((group) => {
    const services = group[0]?.services ?? [];
    let impossible: string | undefined;
    const deploy: ListrTask = {
      title: `deploy ${services.map(({ name, count }) => `${name} × ${String(count)}`).join(', ')}`,
      task: async () => {
        await testbed.deploy(services).catch((error: unknown) => {
          impossible = messageOf(error);
          throw error;
        });
      },
    };
    const plays = group.map((scenario): ListrTask => ({
      title: `${scenario.trait}: ${scenario.id}`,
      task: async (_, task) => {
        const started = performance.now();
        const end = (passed: boolean, seen: string): void => {
          note({ scenario, passed, seen, seconds: (performance.now() - started) / 1000 });
        };
        try {
          if (impossible !== undefined) throw new Error(impossible);
          const seen = await scenario.play(testbed);
          end(true, seen);
          task.title += `: ${seen}`;
        } catch (error) {
          end(false, messageOf(error));
          throw error;
        }
      },
    }));
    return [deploy, ...plays];
  });
}
