/** `highlands redeploy`. */
import { UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { ecsClient, findService } from '../ecs.ts';
import { requireRegion } from '../region/region-file.ts';

export async function redeploy(name: string): Promise<void> {
  const ecs = ecsClient(requireRegion());
  const { clusterArn: cluster, serviceArn: service } = await findService(ecs, name);
  await ecs.send(new UpdateServiceCommand({ cluster, service, forceNewDeployment: true }));
  console.log(`${name}: a new deployment begins; see \`npm run status\``);
}
