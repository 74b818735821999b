/** Every scenario, in the order of the table. */
import type { Scenario } from '../scenario.ts';
import { BLUE_GREEN } from './blue-green.ts';
import { DEPLOYMENTS } from './deployments.ts';
import { FAULTS } from './faults.ts';
import { FRIENDLY_NAME } from './friendly-name.ts';
import { HIDDEN_TOPOLOGY } from './hidden-topology.ts';
import { LEAVING } from './leaving.ts';
import { LOAD_SHEDDING } from './load-shedding.ts';
import { PROTOCOLS } from './protocols.ts';
import { REGION_DEATHS } from './region-deaths.ts';
import { RETRIES } from './retries.ts';
import { RETRY_STORM } from './retry-storm.ts';
import { SCALING } from './scaling.ts';
import { SECURITY_GROUPS } from './security-groups.ts';
import { TASK_DEATHS } from './task-deaths.ts';
import { TIMEOUTS } from './timeouts.ts';
import { TLS } from './tls.ts';
import { ZONES } from './zones.ts';

export const SCENARIOS: readonly Scenario[] = [
  ...FRIENDLY_NAME,
  ...HIDDEN_TOPOLOGY,
  ...ZONES,
  ...SECURITY_GROUPS,
  ...TLS,
  ...RETRIES,
  ...TIMEOUTS,
  ...PROTOCOLS,
  ...LOAD_SHEDDING,
  ...RETRY_STORM,
  ...FAULTS,
  ...REGION_DEATHS,
  ...TASK_DEATHS,
  ...DEPLOYMENTS,
  ...LEAVING,
  ...BLUE_GREEN,
  ...SCALING,
];
