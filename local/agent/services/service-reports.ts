/** Reports the progress of each service to the control plane when it changed. */
import type { ControlPlaneChannel, ServiceReport } from '../aws/control-plane-channel.ts';
import type { Service } from '../core/region-state.ts';
import type { RolloutStep } from '../core/scheduler/rollout.ts';
import type { ServiceEvents } from './service-events.ts';

export class ServiceReports {
  readonly #channel: Pick<ControlPlaneChannel, 'putServiceState'>;
  readonly #events: ServiceEvents;
  /** By ARN: what was told last. */
  readonly #told = new Map<string, string>();

  constructor(channel: Pick<ControlPlaneChannel, 'putServiceState'>, events: ServiceEvents) {
    this.#channel = channel;
    this.#events = events;
  }

  /** Lets every service be reported again. */
  resync(): void {
    this.#told.clear();
  }

  /** @param remaining tasks that are not STOPPED: a service that is being deleted is gone when its last task is */
  async put(
    service: Service,
    step: RolloutStep,
    lifecycle: ServiceReport['lifecycle'],
    remaining: number,
  ): Promise<void> {
    this.#noteEnd(service, step);
    const count = (field: 'runningCount' | 'pendingCount') =>
      step.deployments.reduce((sum, deployment) => sum + deployment[field], 0);
    const events = this.#events.of(service.arn);
    const report: ServiceReport = {
      serviceArn: service.arn,
      deployments: step.deployments,
      runningCount: service.status === 'DRAINING' ? remaining : count('runningCount'),
      pendingCount: count('pendingCount'),
      lifecycle,
      events,
    };
    const text = JSON.stringify(report);
    if (text === this.#told.get(service.arn) && events.length === 0) return;
    await this.#channel.putServiceState(report);
    this.#told.set(service.arn, text);
    this.#events.taken(service.arn);
  }

  /** Says once that a rollout came to its end. */
  #noteEnd(service: Service, step: RolloutStep): void {
    const before = service.deployments.find((deployment) => deployment.status === 'PRIMARY')?.rolloutState;
    const after = step.deployments.find((deployment) => deployment.status === 'PRIMARY')?.rolloutState;
    if (before === 'IN_PROGRESS' && after === 'COMPLETED')
      this.#events.add(service, 'all ready: has reached a steady state.');
  }

  /** Forgets services that are gone. */
  keepOnly(serviceArns: ReadonlySet<string>): void {
    for (const arn of this.#told.keys()) if (!serviceArns.has(arn)) this.#told.delete(arn);
  }
}
