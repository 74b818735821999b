import type { LifecycleStage } from '../../aws-shapes/lifecycle-stages.ts';
import type { Deployment, RegionState } from '../core/region-state.ts';
import { hookId, type UnderWay } from '../core/scheduler/blue-green.ts';
import type { RolloutStep } from '../core/scheduler/rollout.ts';
import type { TaskView } from '../core/scheduler/scheduled-task.ts';
import { fakePlan } from '../testing/fake-task.ts';
import { deployment, serviceWith, stateWith } from '../testing/region-state.ts';
import { BlueGreenController } from './blue-green-controller.ts';

const BALANCER = {
  targetGroupArn: 'arn:first',
  shift: { alternateTargetGroupArn: 'arn:second', productionRuleArn: 'arn:production', testRuleArn: 'arn:test' },
  containerName: 'app',
  containerPort: 3000,
};
const BLUE: Deployment = { ...deployment(), id: 'blue' };
const GREEN: Deployment = { ...BLUE, id: 'green', rolloutState: 'IN_PROGRESS' };

/** A service whose tasks are steady as soon as they are started, and whose rules are where they were shifted last. */
function region(pauseStages: readonly LifecycleStage[] = []) {
  let now = 1_000_000;
  let deployments = [BLUE];
  let changes = 0;
  const tasks: TaskView[] = [];
  const rules = new Map([['arn:production', 'arn:first'], ['arn:test', 'arn:first']]); // prettier-ignore
  const groups = new Map<string, string>();
  let underWay: Partial<UnderWay> = {};
  const parts = {
    channel: {
      underWay: () =>
        Promise.resolve(
          new Map([
            ['green', { deploymentId: 'green', stage: undefined, continued: [], rollBack: undefined, ...underWay }],
          ]),
        ),
    },
    forwardedTo: (arn: string) => rules.get(arn),
    minuteMs: () => 60_000,
    onChange: () => changes++,
    log: () => undefined,
  };
  const controller = new BlueGreenController(parts);
  const service = () =>
    serviceWith({ deployments, loadBalancers: [BALANCER], blueGreen: { bakeTimeMinutes: 1, pauseStages } });
  const state = (): RegionState => ({ ...stateWith([]), services: [service()] });
  const pass = (): RolloutStep => {
    now += 1_000;
    const step = controller.step({ service: service(), tasks: [...tasks], failures: new Map(), zones: ['z'], now });
    for (const { taskId } of step.stop)
      tasks.splice(
        tasks.findIndex(({ id }) => id === taskId),
        1,
      );
    for (const {
      deployment: { id: deploymentId },
    } of step.start) {
      const common = { zone: 'z', createdAt: now, wanted: true, running: true, ready: true, steady: true };
      tasks.push({ id: `${deploymentId}-${String(now)}`, deploymentId, unhealthy: undefined, ...common });
      groups.set(deploymentId, controller.targetGroupOf(BALANCER, deploymentId, service()));
    }
    for (const { ruleArn, targetGroupArn } of controller.targetShifts(state())) rules.set(ruleArn, targetGroupArn);
    return step;
  };
  return {
    controller,
    service,
    rules,
    groups,
    tasks,
    pass,
    changes: () => changes,
    stage: () => controller.report(service())?.stage,
    /** A new revision is to take the place of the one that serves. */
    deploy: () => {
      deployments = [GREEN, { ...BLUE, status: 'ACTIVE' }];
    },
    learn: async (what: Partial<UnderWay>) => {
      underWay = what;
      await controller.readUnderWay(() => undefined);
    },
    /** Passes until it is at the stage. */
    until: (stage: LifecycleStage) => {
      for (let count = 0; controller.report(service())?.stage !== stage; count++) {
        if (count > 100) throw new Error(`it never gets to ${stage}`);
        pass();
      }
    },
  };
}

const rulesOf = ({ rules }: ReturnType<typeof region>) => [rules.get('arn:production'), rules.get('arn:test')];

test('each stage comes in its order, and each rule moves in its stage', () => {
  const one = region();
  one.pass();
  expect(rulesOf(one)).toEqual(['arn:first', 'arn:first']);
  one.deploy();
  const seen = new Map<LifecycleStage | 'over', readonly (string | undefined)[]>();
  for (let count = 0; count < 100; count++) {
    one.pass();
    const stage = (one.stage() ?? 'over') as LifecycleStage | 'over';
    if (!seen.has(stage)) seen.set(stage, rulesOf(one));
  }
  const before = ['arn:first', 'arn:first'];
  const tested = ['arn:first', 'arn:second'];
  const after = ['arn:second', 'arn:second'];
  expect([...seen]).toEqual([
    ['SCALE_UP', before],
    ['POST_SCALE_UP', before],
    ['TEST_TRAFFIC_SHIFT', tested],
    ['POST_TEST_TRAFFIC_SHIFT', tested],
    ['PRE_PRODUCTION_TRAFFIC_SHIFT', tested],
    ['PRODUCTION_TRAFFIC_SHIFT', after],
    ['POST_PRODUCTION_TRAFFIC_SHIFT', after],
    ['BAKE_TIME', after],
    ['over', after],
  ]);
  expect([...one.groups]).toEqual([
    ['blue', 'arn:first'],
    ['green', 'arn:second'],
  ]);
  expect(one.tasks.map(({ deploymentId }) => deploymentId)).toEqual(['green']);
  // Each new stage is looked at again at once.
  expect(one.changes()).toBeGreaterThanOrEqual(seen.size);
});

test('a hook that pauses holds the deployment until somebody goes on, and is told by its id', async () => {
  const one = region(['POST_TEST_TRAFFIC_SHIFT']);
  one.pass();
  one.deploy();
  one.until('POST_TEST_TRAFFIC_SHIFT');
  const hook = hookId('green', 'POST_TEST_TRAFFIC_SHIFT');
  for (let count = 0; count < 20; count++) one.pass();
  const paused = { deploymentId: 'green', stage: 'POST_TEST_TRAFFIC_SHIFT', pausedAt: hook };
  expect(one.controller.report(one.service())).toEqual(paused);
  expect(rulesOf(one)).toEqual(['arn:first', 'arn:second']);
  await one.learn({ continued: [hook] });
  expect(one.controller.report(one.service())).toEqual({ ...paused, pausedAt: undefined });
  one.pass();
  expect(one.stage()).toBe('PRE_PRODUCTION_TRAFFIC_SHIFT');
});

test.each(['TEST_TRAFFIC_SHIFT', 'BAKE_TIME'] as const)('a rollback at %s moves the rules back', async (stage) => {
  const one = region();
  one.pass();
  one.deploy();
  one.until(stage);
  expect(one.rules.get('arn:test')).toBe('arn:second');
  await one.learn({ rollBack: 'a person wants it' });
  const step = one.pass();
  expect(step.rollBackTo).toEqual({ deploymentId: 'blue', reason: 'a person wants it' });
  expect(rulesOf(one)).toEqual(['arn:first', 'arn:first']);
  expect(one.controller.traffic().get('arn:service')).toEqual({ production: 'blue', test: 'blue' });
  expect(one.tasks.map(({ deploymentId }) => deploymentId)).toEqual(['blue']);
});

test('what was taken over stays in its target group, whatever the rule says', () => {
  const one = region();
  const service = one.service();
  const targets = [{ targetGroupArn: 'arn:second', containerPort: 3000 }];
  one.controller.adopted(fakePlan({ service, deployment: BLUE, targets }));
  expect(one.controller.targetGroupOf(BALANCER, 'blue', service)).toBe('arn:second');
  one.controller.forget(new Set(), new Set());
  expect(one.controller.targetGroupOf(BALANCER, 'blue', service)).toBe('arn:first');
});
