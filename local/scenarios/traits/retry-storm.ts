/** Trait 5: a service that fails is not asked more and more. */
import { amplification } from '../attempts.ts';
import { expect, type Scenario } from '../scenario.ts';
import { AWS, USUAL } from '../services.ts';

const trait = '5 load shedding';

/** One attempt and two retries: what the mesh allows at most. */
const MOST_ATTEMPTS = 3;

export const RETRY_STORM: readonly Scenario[] = [
  {
    id: 'no-retry-storm',
    trait,
    expectation: `a service that answers everything with 503 sees at most ${String(MOST_ATTEMPTS)} attempts for a request, however many come; one that answers 500 sees one`,
    source: AWS.deploy,
    services: USUAL,
    async play(testbed) {
      const unavailable = await amplification(testbed, '/status/503');
      // What was avoided would hide what comes next.
      await testbed.forceNewDeployment('testbed');
      const failing = await amplification(testbed, '/status/500');
      await testbed.forceNewDeployment('testbed');
      const seen = `amplification ${unavailable.factor.toFixed(2)} with 503, ${failing.factor.toFixed(2)} with 500, over ${String(unavailable.sent)} and ${String(failing.sent)} requests`;
      // Without retries the limit would say nothing.
      expect(unavailable.sent > 0 && unavailable.factor > 1 && unavailable.factor <= MOST_ATTEMPTS, seen);
      expect(failing.sent > 0 && failing.factor > 0 && failing.factor <= 1, seen);
      return seen;
    },
  },
];
