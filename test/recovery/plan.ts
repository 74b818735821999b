/** What happens in which round: decided by a seed, so that a run that failed can be run again. */
import { constantFrom, integer, nat, noBias, record, sample } from 'fast-check';

export const ACTIONS = ['deploy', 'broken deploy', 'scale', 'new deployment', 'blue/green', 'recreate'] as const;
export type ActionName = (typeof ACTIONS)[number];

export const VICTIMS = ['agent', 'control plane', 'Envoy', 'application', 'pause'] as const;
export type Victim = (typeof VICTIMS)[number];

export interface Round {
  readonly action: ActionName;
  readonly victim: Victim;
  /** When the victim is killed, after the action began. */
  readonly afterMs: number;
  /** Which of several victims. */
  readonly pick: number;
}

/** A deploy takes about three seconds here, so this is before, while and after it. */
const LATEST_MS = 4_000;

export function rounds(seed: number, count: number): Round[] {
  const round = noBias(
    record({
      victim: constantFrom(...VICTIMS),
      afterMs: integer({ min: 0, max: LATEST_MS }),
      pick: nat(1000),
    }),
  );
  // Each kind of action comes up as often as the others; what is killed when is left to the seed.
  const first = seed % ACTIONS.length;
  return sample(round, { seed, numRuns: count }).map((one, index) => ({
    action: ACTIONS[(first + index) % ACTIONS.length] ?? 'deploy',
    ...one,
  }));
}
