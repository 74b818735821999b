import { newApp } from '@highlands/connected-service';
import { ServiceBStack } from '../lib/service-b-stack.ts';

/** What is deployed, and what the tests look at. All configuration of the project is in this file. */
export const stack = new ServiceBStack(newApp(), 'HighlandsServiceB', {
  // One in each zone, so that a retry finds another host and the loss of a zone leaves one. Zone-aware routing would
  // begin at four. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect-zone-aware-routing.html
  desiredCount: 2,
});
