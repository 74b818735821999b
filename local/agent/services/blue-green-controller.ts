/** Remembers how far each blue/green deployment is, and whose requests go where because of it. */
import type { RuleShift } from '../aws/forward-rule.ts';
import type { ControlPlaneChannel, ServiceReport } from '../aws/control-plane-channel.ts';
import type { Complain } from '../../region/complaints.ts';
import type { RegionState, Service, ServiceLoadBalancer } from '../core/region-state.ts';
import { blueGreenStep, hookId, trafficOf, type Lifecycle, type UnderWay } from '../core/scheduler/blue-green.ts';
import type { RolloutInput, RolloutStep } from '../core/scheduler/rollout.ts';
import type { TaskPlan } from '../core/task-plan.ts';
import type { TrafficByService } from '../core/topology/endpoints.ts';

export interface BlueGreenParts {
  readonly channel: Pick<ControlPlaneChannel, 'underWay'>;
  readonly forwardedTo: (ruleArn: string) => string | undefined;
  /** How long a minute of bake time lasts, in milliseconds. */
  readonly minuteMs: () => number;
  readonly onChange: () => void;
  readonly log: (message: string) => void;
}

export class BlueGreenController {
  readonly #parts: BlueGreenParts;
  readonly #lifecycles = new Map<string, Lifecycle>();
  /** By deployment id: whether its tasks are in the alternate target group. */
  readonly #alternate = new Map<string, boolean>();
  #underWay: ReadonlyMap<string, UnderWay> = new Map();

  constructor(parts: BlueGreenParts) {
    this.#parts = parts;
  }

  async readUnderWay(complain: Complain): Promise<void> {
    this.#underWay = await this.#parts.channel.underWay(complain);
  }

  step(input: RolloutInput): RolloutStep {
    const { service } = input;
    const primary = service.deployments.find(({ status }) => status === 'PRIMARY');
    const before = this.#lifecycles.get(service.arn);
    const { lifecycle, ...step } = blueGreenStep({
      ...input,
      lifecycle: before,
      underWay: this.#underWay.get(primary?.id ?? ''),
      minuteMs: this.#parts.minuteMs(),
    });
    if (lifecycle === undefined) this.#lifecycles.delete(service.arn);
    else this.#lifecycles.set(service.arn, lifecycle);
    if (lifecycle !== undefined && lifecycle.stage !== before?.stage) {
      if (lifecycle.green !== undefined) this.#parts.log(`service ${service.name}: ${lifecycle.stage}`);
      // The next stage may be over at once.
      this.#parts.onChange();
    }
    return step;
  }

  /** Learns where a task that was taken over is. */
  adopted({ service, deployment, targets }: TaskPlan): void {
    for (const { targetGroupArn, shift } of service.loadBalancers) {
      if (shift === undefined) continue;
      const isIn = (arn: string): boolean => targets.some((target) => target.targetGroupArn === arn);
      if (isIn(shift.alternateTargetGroupArn)) this.#alternate.set(deployment.id, true);
      else if (isIn(targetGroupArn)) this.#alternate.set(deployment.id, false);
    }
  }

  traffic(): TrafficByService {
    return new Map([...this.#lifecycles].map(([arn, lifecycle]) => [arn, trafficOf(lifecycle)]));
  }

  /** Green is never where blue is; what was there first is what the rule forwards to. */
  targetGroupOf(balancer: ServiceLoadBalancer, deploymentId: string, service: Service): string {
    const { shift, targetGroupArn } = balancer;
    if (shift === undefined || service.blueGreen === undefined) return targetGroupArn;
    return this.#isAlternate(balancer, deploymentId, service) ? shift.alternateTargetGroupArn : targetGroupArn;
  }

  #isAlternate({ shift }: ServiceLoadBalancer, deploymentId: string, service: Service): boolean {
    const known = this.#alternate.get(deploymentId);
    if (known !== undefined) return known;
    const blue = this.#lifecycles.get(service.arn)?.blue;
    const forwarded =
      shift !== undefined && this.#parts.forwardedTo(shift.productionRuleArn) === shift.alternateTargetGroupArn;
    const alternate =
      blue === undefined || blue === deploymentId ? forwarded : !(this.#alternate.get(blue) ?? forwarded);
    this.#alternate.set(deploymentId, alternate);
    return alternate;
  }

  /** What the listener rules should forward to now. */
  targetShifts(state: RegionState): RuleShift[] {
    return state.services.flatMap((service) => {
      const lifecycle = this.#lifecycles.get(service.arn);
      if (lifecycle === undefined) return [];
      const { production, test } = trafficOf(lifecycle);
      return service.loadBalancers.flatMap((balancer) => {
        const { shift, targetGroupArn } = balancer;
        if (shift === undefined) return [];
        const both = [targetGroupArn, shift.alternateTargetGroupArn];
        const to = (ruleArn: string, deploymentId: string): RuleShift => {
          const target = this.targetGroupOf(balancer, deploymentId, service);
          return { ruleArn, targetGroupArn: target, otherArn: both.find((arn) => arn !== target) ?? target };
        };
        return [
          to(shift.productionRuleArn, production),
          ...(shift.testRuleArn === undefined ? [] : [to(shift.testRuleArn, test)]),
        ];
      });
    });
  }

  report(service: Service): ServiceReport['lifecycle'] {
    const lifecycle = this.#lifecycles.get(service.arn);
    if (lifecycle?.green === undefined) return undefined;
    const { green, stage } = lifecycle;
    const paused =
      (service.blueGreen?.pauseStages ?? []).includes(stage) &&
      this.#underWay.get(green)?.continued.includes(hookId(green, stage)) !== true;
    return { deploymentId: green, stage, pausedAt: paused ? hookId(green, stage) : undefined };
  }

  forget(services: ReadonlySet<string>, deployments: ReadonlySet<string>): void {
    for (const arn of this.#lifecycles.keys()) if (!services.has(arn)) this.#lifecycles.delete(arn);
    for (const id of this.#alternate.keys()) if (!deployments.has(id)) this.#alternate.delete(id);
  }
}
