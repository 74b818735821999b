import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pWaitFor from 'p-wait-for';
import { edsFileName } from '../core/eds-names.ts';
import { EdsDirectory } from './eds-directory.ts';
import { EndpointPublisher } from './endpoint-publisher.ts';
import { fakePlan, fakeTask } from '../testing/fake-task.ts';
import { targetGroup } from '../testing/target-group.ts';
import { complaints } from '../testing/fake-client.ts';
import { stateWith, SUBNET } from '../testing/region-state.ts';

const directory = mkdtempSync(join(tmpdir(), 'eds-'));
afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});

const GROUPS = ['arn:x:targetgroup/bad/1', 'arn:x:targetgroup/good/1'];
const NOBODY = new Map();
const STATE = { ...stateWith([]), services: [] };
const target = (targetGroupArn = '') => ({ targets: [{ targetGroupArn, containerPort: 80 }] });
const fileOf = (path: string, name: string): string => join(path, edsFileName(name));

function publisher(path: string, lostZones: readonly string[] = []) {
  const cloudMap = { forget: () => undefined, sync: () => Promise.resolve() };
  return new EndpointPublisher(
    new EdsDirectory(path, 'r'),
    cloudMap,
    () => lostZones,
    () => undefined,
  );
}

/** Whether it is resolved by now. */
const settled = (wait: Promise<void>): Promise<boolean> =>
  Promise.race([wait.then(() => true), new Promise<boolean>((resolve) => setImmediate(resolve, false))]);

test.each(['../../outside', '/etc/outside', '..', '.', 'a/../../outside', 'x'.repeat(1024)])(
  'a namespace called %j has its list in the folder of lists',
  async (name) => {
    const path = join(directory, 'lists/below');
    const complained: string[] = [];
    await new EdsDirectory(path, 'r').write(new Map([[name, []]]), (_, message) => complained.push(message));
    expect(complained).toEqual([]);
    expect(readdirSync(path)).toContainEqual(expect.stringMatching(/^[0-9a-f]{32}$/));
    expect(readdirSync(join(directory, 'lists'))).toEqual(['below']);
    expect(readFileSync(fileOf(path, name), 'utf8')).toContain(JSON.stringify(name));
  },
);

test('a list that cannot be written holds up the tasks that wait for it, and no others', async () => {
  const path = join(directory, 'a');
  const endpoints = publisher(path);
  // A directory stands where the file has to be.
  const obstacle = fileOf(path, 'tg.bad.1');
  mkdirSync(join(obstacle, 'x'), { recursive: true });
  const waits = GROUPS.map((arn) => endpoints.published(fakePlan(target(arn))));
  const { list, complain } = complaints();
  const publish = () =>
    endpoints.publish(
      [],
      STATE,
      GROUPS.map((arn) => targetGroup(arn)),
      NOBODY,
      [],
      complain,
    );
  await publish();
  expect(list).toEqual([['tg.bad.1', expect.stringContaining("can't be written")]]);
  expect(await Promise.all(waits.map(settled))).toEqual([false, true]);
  rmSync(obstacle, { recursive: true });
  await publish();
  expect(await Promise.all(waits.map(settled))).toEqual([true, true]);
});

test('the list of a name that is gone is empty, and gone when no proxy may ask for it', async () => {
  const path = join(directory, 'b');
  const endpoints = publisher(path);
  const [arn = ''] = GROUPS;
  const name = 'tg.bad.1';
  const publish = (groups: readonly string[], known: readonly string[]) =>
    endpoints.publish(
      [fakeTask(fakePlan(target(arn)))],
      STATE,
      groups.map((arn) => targetGroup(arn)),
      NOBODY,
      known,
      () => undefined,
    );
  await publish([arn], []);
  expect(readFileSync(fileOf(path, name), 'utf8')).toContain('10.0.1.4');
  await endpoints.publish([], STATE, [], NOBODY, [name], () => undefined);
  expect(readFileSync(fileOf(path, name), 'utf8')).not.toContain('10.0.1.4');
  await endpoints.publish([], STATE, [], NOBODY, [], () => undefined);
  expect(existsSync(fileOf(path, name))).toBe(false);
});

test('another agent leaves the lists of the one before it as they are until it knows better', async () => {
  const path = join(directory, 'taken-over');
  const { list, complain } = complaints();
  const backend = { address: '10.0.0.4', port: 80, zone: 'a', tls: false, healthCheckPort: undefined };
  await new EdsDirectory(path, 'r').write(new Map([['tg.good.1', [backend]]]), complain);
  const before = readFileSync(fileOf(path, 'tg.good.1'), 'utf8');
  const other = new EdsDirectory(path, 'r');
  await other.ensure(['tg.good.1', 'tg.bad.1'], complain);
  expect(readFileSync(fileOf(path, 'tg.good.1'), 'utf8')).toBe(before);
  expect(existsSync(fileOf(path, 'tg.bad.1'))).toBe(true);
  await other.write(new Map(), complain, { whole: true });
  expect(readFileSync(fileOf(path, 'tg.good.1'), 'utf8')).not.toContain('10.0.0.4');
  expect(list).toEqual([]);
});

test('a target in a lost zone stays in its list, and gets no requests', async () => {
  const path = join(directory, 'lost');
  const [arn = ''] = GROUPS;
  const plans = ['a', 'b'].map((zone, index) =>
    fakePlan({ ...target(arn), address: `10.0.1.${String(4 + index)}`, subnet: { ...SUBNET, zone } }),
  );
  await publisher(path, ['a']).publish(
    plans.map((plan) => fakeTask(plan)),
    STATE,
    [targetGroup(arn)],
    NOBODY,
    [],
    () => undefined,
  );
  const text = readFileSync(fileOf(path, 'tg.bad.1'), 'utf8');
  const statuses = [...text.matchAll(/"address":"([\d.]+)"|"health_status":"(\w+)"/g)].map(([, ...found]) =>
    found.join(''),
  );
  expect(statuses).toEqual(['10.0.1.4', 'UNHEALTHY', '10.0.1.5']);
});

test('a dead task is taken out of every list at once, before the next pass; the others stay', async () => {
  const path = join(directory, 'leaves');
  const [arn = ''] = GROUPS;
  const [leaves, stays] = ['10.0.1.4', '10.0.1.5'].map((address) => fakePlan({ ...target(arn), address }));
  if (leaves === undefined || stays === undefined) throw new Error('no plans');
  const endpoints = publisher(path);
  const tasks = [fakeTask(leaves), fakeTask(stays)];
  await endpoints.publish(tasks, STATE, [targetGroup(arn)], NOBODY, [], () => undefined);
  const text = (): string => readFileSync(fileOf(path, 'tg.bad.1'), 'utf8');
  expect([text().includes('10.0.1.4'), text().includes('10.0.1.5')]).toEqual([true, true]);
  // A task that only leaves goes in the pass that brings others.
  void endpoints.published(stays);
  const waiting = endpoints.published(leaves, true);
  await pWaitFor(() => !text().includes('10.0.1.4'));
  expect(text()).toContain('10.0.1.5');
  // Gone for good is who no pass publishes any more.
  expect(await settled(waiting)).toBe(false);
});

test('a target in a zone that its load balancer is not enabled for is in no list', async () => {
  const path = join(directory, 'zones');
  const groups = GROUPS.map((arn, index) => ({
    ...targetGroup(arn),
    zones: [index === 0 ? 'elsewhere' : SUBNET.zone],
  }));
  const targets = GROUPS.map((targetGroupArn) => ({ targetGroupArn, containerPort: 80 }));
  await publisher(path).publish([fakeTask(fakePlan({ targets }))], STATE, groups, NOBODY, [], () => undefined);
  const isIn = (name: string): boolean => readFileSync(fileOf(path, name), 'utf8').includes('"10.0.1.4"');
  expect(['tg.bad.1', 'tg.good.1'].map(isIn)).toEqual([false, true]);
});
