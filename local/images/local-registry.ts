/** The registry of the region that answers there. */
import { localAuthorization } from '../region/client-settings.ts';
import type { Registry } from './registry-client.ts';

export const localRegistry = (endpoint: string): Registry => ({
  url: endpoint,
  authorization: localAuthorization(endpoint),
});
