/** What an agent before this one left: tasks that run on, and tasks that the control plane still believes in. */
import type { ECSClient } from '@aws-sdk/client-ecs';
import type { ControlPlaneChannel } from '../aws/control-plane-channel.ts';
import { formerTasksStopped } from '../aws/former-tasks.ts';
import type { RegionState } from '../core/region-state.ts';
import type { TaskOrder } from '../core/task-order.ts';
import type { TaskPlan } from '../core/task-plan.ts';
import { oneLine } from '../../region/one-line.ts';
import type { LoadBalancerController } from '../load-balancers/load-balancer-controller.ts';
import { Task, type TaskContext } from '../runtime/task.ts';
import { VpcRouter } from '../runtime/vpc-router.ts';
import type { ServiceController } from '../services/service-controller.ts';
import type { TaskRuns } from '../services/task-runs.ts';
import type { LedgerFile } from '../take-over/ledger-file.ts';
import { takeOver, type TakeOverParts } from '../take-over/take-over.ts';
import type { RegionWatchParts } from './region-watch.ts';

export interface FormerAgentParts extends Pick<
  TakeOverParts,
  'addresses' | 'log' | 'networks' | 'resolvers' | 'run' | 'tasks' | 'waysOut'
> {
  readonly ledger: LedgerFile;
  readonly loadBalancers: LoadBalancerController;
  readonly services: Pick<ServiceController, 'adopted' | 'formerPlan'>;
  readonly runs: Pick<TaskRuns, 'formerPlan'>;
  readonly contextOf: (plan: TaskPlan, router: VpcRouter) => TaskContext;
  readonly channel: Pick<ControlPlaneChannel, 'putTasks'>;
  readonly aws: { readonly ecs: ECSClient };
}

export function formerAgent(parts: FormerAgentParts, takeOverTasks = takeOver): RegionWatchParts['former'] {
  const { aws, channel, contextOf, ledger, loadBalancers, runs, services, tasks } = parts;
  /** Tasks of no service that no agent has begun with: they begin now. */
  let waiting: readonly TaskOrder[] = [];
  return {
    mayBeTakenOver: () => loadBalancers.known || ledger.former === undefined,
    takeOver: async (state: RegionState) => {
      waiting = state.taskOrders.filter((order) => order.waiting);
      await takeOverTasks(ledger.former, {
        ...parts,
        planOf: (former) => runs.formerPlan(former, state) ?? services.formerPlan(former, state),
        adoptRouter: (identity) => VpcRouter.adopt(identity),
        adoptTask: (plan, former, router) => {
          services.adopted(plan);
          const context = contextOf(plan, router);
          // What it runs goes on without; who asks for its role is told so.
          context.endpointReady().catch((error: unknown) => {
            parts.log(`task ${plan.id} has no metadata and no credentials: ${oneLine(error)}`);
          });
          return Task.adopt(plan, context, former);
        },
      });
      // Tasks of an older deployment whose targets nobody has looked at yet would seem to serve nobody, and leave at once.
      await loadBalancers.health.look();
    },
    report: async () => {
      const alive = new Set([...[...tasks.values()].map(({ plan }) => plan), ...waiting].map(({ arn }) => arn));
      await channel.putTasks(await formerTasksStopped(aws.ecs, alive));
    },
  };
}
