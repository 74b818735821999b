/** A target group with the checks of nobody's particular choice. */
import { USUAL_TARGET_GROUP } from '../../aws-shapes/target-group-attributes.ts';
import type { TargetGroup } from '../core/load-balancer.ts';
import { targetGroupEdsName } from '../core/topology/endpoints.ts';

export const targetGroup = (arn: string, port?: number): TargetGroup => ({
  arn,
  edsName: targetGroupEdsName(arn),
  protocol: 'HTTP',
  protocolVersion: 'HTTP1',
  attributes: USUAL_TARGET_GROUP,
  healthCheck: {
    ...{ protocol: 'HTTP', path: '/', port, matcher: '200' },
    ...{ intervalSeconds: 10, timeoutSeconds: 3, healthyThreshold: 2, unhealthyThreshold: 3 },
  },
});
