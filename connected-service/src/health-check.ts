import { Duration } from 'aws-cdk-lib';
import type { HealthCheck } from 'aws-cdk-lib/aws-ecs';

/** Of the one binary that is in the images of this repository. */
export const DEFAULT_HEALTH_CHECK: HealthCheck = {
  // The image has no curl; the binary asks itself.
  command: ['CMD', '/service', 'healthcheck'],
  // A dead task is replaced after 3 x 10 s; one lost answer is not a reason to.
  interval: Duration.seconds(10),
  retries: 3,
  // An answer takes milliseconds; three seconds is a task that hangs.
  timeout: Duration.seconds(3),
  // The binary listens within a second; until then failures do not count.
  startPeriod: Duration.seconds(10),
};
