/**
 * Why a target is not healthy, in AWS's codes and words:
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html#target-health-reason-codes
 */
import type { CheckFailure } from './envoy/check-events.ts';

export interface Reason {
  readonly reason: string;
  readonly description: string;
}

export const REGISTRATION_IN_PROGRESS: Reason = {
  reason: 'Elb.RegistrationInProgress',
  description: 'Target registration is in progress',
};
export const INITIAL_HEALTH_CHECKING: Reason = {
  reason: 'Elb.InitialHealthChecking',
  description: 'Initial health checks in progress',
};
export const DEREGISTRATION_IN_PROGRESS: Reason = {
  reason: 'Target.DeregistrationInProgress',
  description: 'Target deregistration is in progress',
};
export const NOT_IN_USE: Reason = {
  reason: 'Target.NotInUse',
  description: 'Target group is not configured to receive traffic from the load balancer',
};
export const ZONE_NOT_ENABLED: Reason = {
  reason: 'Target.NotInUse',
  description: 'Target is in an Availability Zone that is not enabled for the load balancer',
};
/** No node of the load balancer checks it. */
export const INTERNAL_ERROR: Reason = {
  reason: 'Elb.InternalError',
  description: 'Health checks failed due to an internal error',
};

/** @param failure what its last check found; undefined where it could not even be asked, as nothing listens there */
export function reasonOfFailure(failure: CheckFailure | undefined): Reason {
  switch (failure?.kind) {
    case 'code':
      return {
        reason: 'Target.ResponseCodeMismatch',
        description: `Health checks failed with these codes: [${String(failure.code)}]`,
      };
    case 'timeout':
      return { reason: 'Target.Timeout', description: 'Request timed out' };
    default:
      return { reason: 'Target.FailedHealthChecks', description: 'Health checks failed' };
  }
}
