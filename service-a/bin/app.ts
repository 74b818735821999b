import { newApp } from '@highlands/connected-service';
import { ServiceAStack } from '../lib/service-a-stack.ts';

/** What is deployed, and what the tests look at. All configuration of the project is in this file. */
export const stack = new ServiceAStack(newApp(), 'HighlandsServiceA', {
  // One in each zone, so that a retry finds another host and the loss of a zone leaves one. Zone-aware routing would
  // begin at four. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect-zone-aware-routing.html
  desiredCount: 2,
});
