/** Sets the desired count of services with a target tracking policy, once a minute, through the API. */
import type { ApplicationAutoScalingClient } from '@aws-sdk/client-application-auto-scaling';
import { UpdateServiceCommand, type ECSClient } from '@aws-sdk/client-ecs';
import type { ControlPlaneChannel } from '../aws/control-plane-channel.ts';
import { readScaling, type ScalableService } from '../aws/read-scaling.ts';
import type { ComplaintBook } from '../reports/complaint-book.ts';
import type { Complain } from '../../region/complaints.ts';
import { trackTarget } from '../core/metrics/target-tracking.ts';
import type { Service } from '../core/region-state.ts';
import type { Minute, ServiceMinute } from '../metrics/minutes.ts';

export interface ScalingParts {
  readonly ecs: ECSClient;
  readonly autoScaling: ApplicationAutoScalingClient;
  readonly channel: Pick<ControlPlaneChannel, 'noteScaling'>;
  readonly book: ComplaintBook;
  readonly services: () => readonly Service[];
  readonly log: (message: string) => void;
}

/** What the longest alarm looks at. */
const MINUTES_KEPT = 15;

interface Memory {
  minutes: ServiceMinute[];
  /** Minutes since the last scaling in each direction. */
  sinceOut: number;
  sinceIn: number;
}

export class ScalingController {
  readonly #parts: ScalingParts;
  readonly #memory = new Map<string, Memory>();
  #targets: readonly ScalableService[] = [];

  constructor(parts: ScalingParts) {
    this.#parts = parts;
  }

  async read(complain: Complain): Promise<void> {
    this.#targets = await readScaling(this.#parts.autoScaling, complain);
  }

  async minute({ services: seen }: Minute): Promise<void> {
    const known = new Set(this.#parts.services().map(({ arn }) => arn));
    for (const arn of this.#memory.keys()) if (!known.has(arn)) this.#memory.delete(arn);
    const act = async (target: ScalableService): Promise<void> => {
      const [, cluster, name] = target.resourceId.split('/');
      const service = this.#parts
        .services()
        .find((one) => one.name === name && one.clusterArn.endsWith(`/${cluster ?? ''}`));
      const minute = service === undefined ? undefined : seen.get(service.arn);
      if (service === undefined || minute === undefined) return;
      const memory = this.#memory.get(service.arn) ?? { minutes: [], sinceOut: Infinity, sinceIn: Infinity };
      memory.minutes = [...memory.minutes, minute].slice(-MINUTES_KEPT);
      memory.sinceOut += 1;
      memory.sinceIn += 1;
      this.#memory.set(service.arn, memory);
      await this.#scale(service, target, memory);
    };
    await this.#parts.book.each('scaling', this.#targets, ({ resourceId }) => resourceId, act);
  }

  async #scale(service: Service, target: ScalableService, memory: Memory): Promise<void> {
    const current = service.desiredCount;
    const decision = trackTarget({
      current,
      min: target.min,
      max: target.max,
      policies: target.policies.map((policy) => ({
        ...policy,
        datapoints: memory.minutes.flatMap((minute) => valueOf(minute, policy) ?? []),
      })),
      sinceOut: memory.sinceOut,
      sinceIn: memory.sinceIn,
      deploying: service.deployments.some(({ rolloutState }) => rolloutState === 'IN_PROGRESS'),
    });
    if (decision === undefined) return;
    const { desired, cause } = decision;
    if (desired > current) memory.sinceOut = 0;
    else memory.sinceIn = 0;
    const description = `Setting desired count to ${String(desired)}.`;
    this.#parts.log(`service ${service.name}: ${description} ${cause}`);
    await this.#parts.ecs.send(
      new UpdateServiceCommand({ cluster: service.clusterArn, service: service.arn, desiredCount: desired }),
    );
    await this.#parts.channel.noteScaling(target.resourceId, description, cause);
  }
}

function valueOf(minute: ServiceMinute, policy: ScalableService['policies'][number]): number | undefined {
  if (policy.metric === 'requests') return minute.requestsPerTarget.get(policy.targetGroup ?? '');
  return minute[policy.metric];
}
