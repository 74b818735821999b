/** The registries as this region asks them. Their modules are loaded only where an app has an image of one. */
import type { RegistryImages } from '../images/pull/registry-images.ts';
import { ACCOUNT, STATE } from '../region/paths.ts';

export const registryImages = async (): Promise<RegistryImages> =>
  (await import('../images/pull/registry-images.ts')).pulledBy(STATE, ACCOUNT);
