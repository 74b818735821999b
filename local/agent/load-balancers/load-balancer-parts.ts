/** What the load balancers of the region are made of. */
import type { ACMClient } from '@aws-sdk/client-acm';
import type { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { ControlPlaneChannel } from '../aws/control-plane-channel.ts';
import type { FrontDoorProcess } from '../runtime/front-door.ts';
import type { LoadBalancerProcess } from '../runtime/load-balancer-process.ts';
import type { StarterParts } from './load-balancer-starter.ts';

export interface LoadBalancerParts extends StarterParts {
  readonly elbv2: ElasticLoadBalancingV2Client;
  readonly acm: ACMClient;
  readonly channel: Pick<ControlPlaneChannel, 'putTargetHealth' | 'registeredTargets'>;
  readonly adoptProcess: typeof LoadBalancerProcess.adopt;
  readonly openDoor: typeof FrontDoorProcess.open;
  readonly adoptDoor: typeof FrontDoorProcess.adopt;
  readonly edsDirectory: string;
  readonly tlsDirectory: string;
  readonly lostZones: () => readonly string[];
  readonly log: (message: string) => void;
}
