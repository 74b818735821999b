/** `highlands scale`. */
import { UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { ecsClient, findService } from '../ecs.ts';
import { requireRegion } from '../region/region-file.ts';

export async function scale(name: string, count: number): Promise<void> {
  const ecs = ecsClient(requireRegion());
  const service = await findService(ecs, name);
  await ecs.send(
    new UpdateServiceCommand({ cluster: service.clusterArn, service: service.serviceArn, desiredCount: count }),
  );
  console.log(`${name}: ${String(count)} tasks wanted; see \`npm run status\``);
}
