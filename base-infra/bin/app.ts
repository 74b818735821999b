import { newApp } from '@highlands/connected-service';
import { BaseInfraStack } from '../lib/base-infra-stack.ts';

/** What is deployed, and what the tests look at. All configuration of the project is in this file. */
export const stack = new BaseInfraStack(newApp(), 'HighlandsBaseInfra', {
  // One for both zones saves about 33 USD a month; the loss of its zone cuts the other off from AWS APIs, so that no
  // new task starts. Set 2 where that matters. https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html
  natGateways: 1,
});
