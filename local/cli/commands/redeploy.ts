/** `highlands redeploy`. */
import {
  DescribeServicesCommand,
  UpdateServiceCommand,
  waitUntilServicesStable,
  type ECSClient,
} from '@aws-sdk/client-ecs';
import { ecsClient, findService } from '../../region/ecs.ts';
import { Complaint } from '../../region/complaint.ts';
import { requireRegion } from '../../region/region-file.ts';
import { runSteps } from '../../terminal/rendering.ts';
import { watchedStep } from '../../deploy/waiting/while-waiting.ts';

export interface RedeployOptions {
  /** Until its tasks have taken over. */
  readonly wait: boolean;
}

export async function redeploy(name: string, { wait }: RedeployOptions): Promise<void> {
  const region = requireRegion();
  const ecs = ecsClient(region);
  const { clusterArn: cluster, serviceArn = '' } = await findService(ecs, name);
  const update = new UpdateServiceCommand({ cluster, service: serviceArn, forceNewDeployment: true });
  const { service } = await ecs.send(update);
  if (!wait) {
    console.log(`${name}: a new deployment begins; see \`npm run status\``);
    return;
  }
  const [begun] = service?.deployments ?? [];
  await runSteps([
    watchedStep({
      title: `a new deployment of ${name}`,
      run: () => completed(ecs, { cluster, services: [serviceArn] }, begun?.id),
      serviceArn,
      region,
    }),
  ]);
}

/**
 * As long as `aws ecs wait services-stable` does: https://docs.aws.amazon.com/cli/latest/reference/ecs/wait/services-stable.html
 * A local deployment takes seconds, where AWS's own interval is 15.
 */
export const STABLE = { maxWaitTime: 600, minDelay: 1, maxDelay: 1 } as const;

/** @throws Complaint when another deployment came in its place, or it takes too long */
async function completed(
  client: ECSClient,
  asked: { readonly cluster: string | undefined; readonly services: string[] },
  id: string | undefined,
): Promise<void> {
  await waitUntilServicesStable({ client, ...STABLE }, asked);
  const { services: [service] = [] } = await client.send(new DescribeServicesCommand(asked));
  const [primary] = service?.deployments ?? [];
  if (primary?.id !== id)
    throw new Complaint(
      `it was not completed: ${primary?.rolloutStateReason ?? 'another deployment came in its place'}`,
    );
}
