/** A load balancer with the attributes of nobody's particular choice. */
import { USUAL_ATTRIBUTES } from '../../aws-shapes/load-balancer-attributes.ts';
import type { LoadBalancer } from '../core/load-balancer.ts';

export const fakeLoadBalancer = (own: Partial<LoadBalancer> = {}): LoadBalancer => ({
  ...{ arn: 'arn:lb', name: 'lb', type: 'application', dnsName: 'lb.test', attributes: USUAL_ATTRIBUTES },
  ...{ listeners: [], targetGroups: [], edsDirectory: '', tlsDirectory: '' },
  ...own,
});
