/** A scenario: traffic, what is expected of it and why, and what was seen. */
import { AssertionError } from 'node:assert';
import type { Testbed } from './testbed.ts';
import type { TestbedService } from './testbed-stack.ts';

export type Trait =
  | '1 friendly name'
  | '2 hidden topology'
  | '3 TLS and who may talk'
  | '4 retries and timeouts'
  | '5 load shedding'
  | 'deployments'
  | 'scaling'
  | 'faults';

export interface Scenario {
  readonly id: string;
  readonly trait: Trait;
  readonly expectation: string;
  /** Where the expectation is from. */
  readonly source: string;
  /** What has to be deployed. */
  readonly services: readonly TestbedService[];
  /** @returns what was seen. @throws AssertionError when it is not what is expected */
  readonly play: (testbed: Testbed) => Promise<string>;
}

/** Says what was seen instead of what was expected. */
export function expect(holds: boolean, seen: string): asserts holds {
  if (!holds) throw new AssertionError({ message: `seen: ${seen}` });
}
