/** Every scenario, in the order of the table. */
import type { Scenario } from '../scenario.ts';
import { FRIENDLY_NAME } from './friendly-name.ts';
import { HIDDEN_TOPOLOGY } from './hidden-topology.ts';
import { RETRIES_AND_TIMEOUTS } from './retries-and-timeouts.ts';
import { WHO_MAY_TALK } from './who-may-talk.ts';

export const SCENARIOS: readonly Scenario[] = [
  ...FRIENDLY_NAME,
  ...HIDDEN_TOPOLOGY,
  ...WHO_MAY_TALK,
  ...RETRIES_AND_TIMEOUTS,
];
