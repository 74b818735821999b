import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AddressPool } from '../network/address-pool.ts';
import { AliasSnapshots } from '../endpoints/alias-snapshots.ts';
import type { ServiceReport } from '../aws/control-plane-channel.ts';
import { ControlPlaneGone } from '../aws/control-plane-gone.ts';
import { quietBook } from '../testing/quiet-book.ts';
import type { Service } from '../core/region-state.ts';
import type { TaskPlan } from '../core/task-plan.ts';
import { ServiceController } from './service-controller.ts';
import { fakePlan } from '../testing/fake-task.ts';
import { deployment, PLANNER_SETTINGS, serviceWith, stateWith } from '../testing/region-state.ts';

const directory = mkdtempSync(join(tmpdir(), 'services-'));
afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});

/** @param failing what the control plane says to the report of a service */
function controller(failing: (arn: string) => Error | undefined = () => undefined) {
  const reports = new Map<string, ServiceReport>();
  const unread: [string, readonly object[]][] = [];
  const started: TaskPlan[] = [];
  const services = new ServiceController({
    channel: {
      putServiceState: (report) => {
        const error = failing(report.serviceArn);
        if (error !== undefined) return Promise.reject(error);
        reports.set(report.serviceArn, report);
        return Promise.resolve();
      },
      putServiceEvents: (arn, events) => {
        unread.push([arn, events]);
        return Promise.resolve();
      },
      startDeployment: () => Promise.resolve(),
      underWay: () => Promise.resolve(new Map()),
    },
    addresses: new AddressPool(),
    aliases: new AliasSnapshots(join(directory, 'aliases.json')),
    planner: PLANNER_SETTINGS,
    lostZones: () => [],
    tasks: new Map(),
    startTask: (plan) => started.push(plan),
    targetHealth: () => ({ ready: true, unhealthy: undefined, answeringPorts: [] }),
    forwardedTo: () => undefined,
    minuteMs: () => 60_000,
    onChange: () => undefined,
    log: () => undefined,
  });
  return { services, reports, unread, started, book: quietBook() };
}

const arn = (name: string): string => `arn:aws:ecs:r:1:service/c/${name}`;
const named = (name: string, subnetIds = ['subnet-1']): Service =>
  serviceWith({
    arn: arn(name),
    name,
    deployments: [{ ...deployment(), id: name, subnetIds, rolloutState: 'IN_PROGRESS' }],
  });
const stateOf = (services: readonly Service[]) => ({ ...stateWith([deployment()]), services });

test('a service whose subnet is gone, and one that the control plane refuses, cost themselves alone', async () => {
  const { services, reports, started, book } = controller((one) =>
    one === arn('refused') ? new Error('400 odd') : undefined,
  );
  await services.reconcile(stateOf([named('nowhere', ['subnet-9']), named('refused'), named('good')]), book);
  expect(started.map(({ service }) => service.name)).toEqual(['refused', 'good']);
  expect([...reports.keys()]).toEqual([arn('good')]);
  expect(book.list().map(({ resource, message }) => [resource, message])).toEqual([
    [arn('nowhere'), expect.stringContaining('subnet subnet-9 does not exist')],
    [arn('refused'), '400 odd'],
  ]);
});

test('without a control plane tasks start all the same, and events wait for it', async () => {
  let gone = true;
  const { services, reports, started, book } = controller(() => (gone ? new ControlPlaneGone('gone') : undefined));
  const state = stateOf([named('good')]);
  services.complainedAbout(arn('good'), 'the rule is odd');
  await services.reconcile(state, book);
  expect(started).toHaveLength(1);
  expect(book.list().map(({ resource }) => resource)).toEqual(['control plane']);
  gone = false;
  await services.reconcile(state, book);
  const events = reports.get(arn('good'))?.events.map(({ message }) => message) ?? [];
  expect(events[0]).toBe('(service good) the rule is odd');
  expect(book.list()).toEqual([]);
});

test('a service that cannot be read is told so in its events', async () => {
  const { services, unread, book } = controller();
  services.complainedAbout(arn('odd'), "can't be read");
  await services.reconcile(stateOf([named('good')]), book);
  await services.reconcile(stateOf([named('good')]), book);
  expect(unread.map(([to]) => to)).toEqual([arn('odd')]);
});

test('a task for which there is no network counts as a failed one', async () => {
  const { services, reports, book } = controller();
  const service = named('good');
  services.startFailed(fakePlan({ service, deployment: { ...deployment(), id: 'good' } }), 'no namespaces');
  await services.reconcile(stateOf([service]), book);
  expect(reports.get(arn('good'))?.deployments[0]).toMatchObject({ failedTasks: 1 });
});
