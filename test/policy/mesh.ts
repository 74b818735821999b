import { type ServiceName } from '@highlands/connected-service';

/** Who calls whom, as reviewed: the one list that the tests hold every security-group rule and import against. */
export const CALLS: Readonly<Record<ServiceName, readonly ServiceName[]>> = {
  'service-a': [],
  'service-b': ['service-a', 'service-c'],
  'service-c': [],
};

/** The services that the load balancer reaches. */
export const PUBLIC: readonly ServiceName[] = ['service-b'];
