/** Where a task's images come from: the region's registry, or their own. Each is unpacked once. */
import { join } from 'node:path';
import { localRegistry } from '../../images/local-registry.ts';
import { cannotPull } from '../../images/registry-client.ts';
import { ensureRootFilesystem, type FoundImage } from '../../images/image-store.ts';
import { ACCOUNT } from '../../region/paths.ts';
import { oneLine } from '../../region/one-line.ts';
import type { AgentConfig } from '../../region/agent-config.ts';
import type { ImageSettings } from '../core/container-command.ts';

/** `up` and `deploy` have looked it up a moment before the region starts: a start takes seconds, and a slow machine's a minute. */
const LOOKED_UP_MS = 5 * 60_000;

/**
 * Pulls an image as Fargate does when a task starts. What a tag stands for is asked once in an agent's life, or by `up` and
 * `deploy`: the tasks of a service have one image.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html#deployment-container-image-stability
 */
function registries(stateDirectory: string): (reference: string) => Promise<FoundImage> {
  const since = Date.now() - LOOKED_UP_MS;
  return async (reference) => {
    // Its modules are loaded where an app has such an image.
    const { pulledBy } = await import('../../images/pull/registry-images.ts');
    const images = pulledBy(stateDirectory, ACCOUNT);
    try {
      const resolved = await images.resolve(reference, since);
      await images.pull(resolved);
      return { manifest: resolved.manifest, blob: ({ digest }) => Promise.resolve(images.file(digest)) };
    } catch (error) {
      throw new Error(cannotPull(reference, `: ${oneLine(error)}`));
    }
  };
}

export function imageSource(
  config: AgentConfig,
): (reference: string) => Promise<{ root: string; settings: ImageSettings }> {
  const elsewhere = registries(config.stateDirectory);
  return async (reference) => {
    const { rootDirectory, config: image } = await ensureRootFilesystem({
      reference,
      registry: localRegistry(config.endpoint),
      elsewhere,
      storeDirectory: join(config.stateDirectory, 'images'),
    });
    return {
      root: rootDirectory,
      settings: {
        entrypoint: image.Entrypoint ?? [],
        cmd: image.Cmd ?? [],
        env: image.Env ?? [],
        user: image.User ?? '',
        workingDirectory: image.WorkingDir ?? '/',
      },
    };
  };
}
