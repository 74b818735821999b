/** `highlands scale`. */
import { UpdateServiceCommand, waitUntilServicesStable } from '@aws-sdk/client-ecs';
import { ecsClient, findService } from '../../region/ecs.ts';
import { requireRegion } from '../../region/region-file.ts';
import { runSteps } from '../../terminal/rendering.ts';
import { watchedStep } from '../../deploy/waiting/while-waiting.ts';
import { STABLE } from './redeploy.ts';

export async function scale(name: string, count: number, { wait }: { readonly wait: boolean }): Promise<void> {
  const region = requireRegion();
  const client = ecsClient(region);
  const { clusterArn: cluster, serviceArn = '' } = await findService(client, name);
  await client.send(new UpdateServiceCommand({ cluster, service: serviceArn, desiredCount: count }));
  if (!wait) {
    console.log(`${name}: ${String(count)} tasks wanted; see \`npm run status\``);
    return;
  }
  await runSteps([
    watchedStep({
      title: `${String(count)} tasks of ${name}`,
      run: async () => {
        await waitUntilServicesStable({ client, ...STABLE }, { cluster, services: [serviceArn] });
      },
      serviceArn,
      region,
    }),
  ]);
}
