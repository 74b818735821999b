/** Where a task's images come from: the region's registry, unpacked once for each digest. */
import { join } from 'node:path';
import { localRegistry } from '../images/local-registry.ts';
import { ensureRootFilesystem } from '../images/image-store.ts';
import type { AgentConfig } from '../region/agent-config.ts';
import type { ImageSettings } from './core/container-command.ts';

export function imageSource(
  config: AgentConfig,
): (reference: string) => Promise<{ root: string; settings: ImageSettings }> {
  return async (reference) => {
    const { rootDirectory, config: image } = await ensureRootFilesystem({
      reference,
      registry: localRegistry(config.endpoint),
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
