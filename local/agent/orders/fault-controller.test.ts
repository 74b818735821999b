import { NO_ORDERS, type OperatorOrders } from '../../region/orders.ts';
import type { RunningTask } from '../runtime/running-task.ts';
import { fakePlan, fakeTask } from '../testing/fake-task.ts';
import { quietBook } from '../testing/quiet-book.ts';
import { serviceWith, SUBNET } from '../testing/region-state.ts';
import { FaultController } from './fault-controller.ts';

type Runtime = Readonly<Record<string, string>>;

/** A task with a proxy that remembers what it was told. */
function taskWithProxy(id: string, service = 'a', proxy: { live?: boolean; adopted?: boolean; fails?: boolean } = {}) {
  const told: Runtime[] = [];
  const state = { live: true, adopted: false, fails: false, ...proxy };
  const sidecar = {
    ...state,
    setRuntime: (values: Runtime) => {
      if (state.fails) return Promise.reject(new Error('no answer'));
      told.push(values);
      return Promise.resolve();
    },
  };
  const plan = fakePlan({ id, arn: `arn:task/${id}`, service: serviceWith({ name: service }) });
  const task: RunningTask = Object.assign(fakeTask(plan), { sidecar });
  return { task, told, state, sidecar };
}

const aborted = (name: string, percent = 100): OperatorOrders => ({
  ...NO_ORDERS,
  faults: { [name]: { abort: { status: 503, percent }, delay: undefined } },
});
const ABORT = 'fault.http.abort.abort_percent';

test('a fault is set once, changed when it is another one, and taken back', async () => {
  const faults = new FaultController();
  const book = quietBook();
  const { task, told } = taskWithProxy('t');
  const other = taskWithProxy('u', 'b');
  for (const orders of [NO_ORDERS, aborted('a'), aborted('a'), aborted('a', 50), NO_ORDERS, NO_ORDERS])
    await faults.apply([task, other.task], orders, book);
  expect(told.map((one) => one[ABORT])).toEqual(['100', '50', '']);
  // A proxy at rest is told nothing.
  expect(other.told).toEqual([]);
});

test('a proxy that another agent started may have a fault, and is told that it has none', async () => {
  const faults = new FaultController();
  const { task, told } = taskWithProxy('t', 'a', { adopted: true });
  await faults.apply([task], NO_ORDERS, quietBook());
  await faults.apply([task], NO_ORDERS, quietBook());
  expect(told.map((one) => one[ABORT])).toEqual(['']);
});

test('a proxy that is not LIVE yet is told when it is', async () => {
  const faults = new FaultController();
  const { task, told, sidecar } = taskWithProxy('t', 'a', { live: false });
  await faults.apply([task], aborted('a'), quietBook());
  expect(told).toEqual([]);
  sidecar.live = true;
  await faults.apply([task], aborted('a'), quietBook());
  expect(told).toHaveLength(1);
});

test('a proxy that does not answer costs itself alone, and is told in the next pass', async () => {
  const faults = new FaultController();
  const book = quietBook();
  const odd = taskWithProxy('odd', 'a', { fails: true });
  const good = taskWithProxy('good');
  await faults.apply([odd.task, good.task], aborted('a'), book);
  expect(book.list().map(({ resource }) => resource)).toEqual(['arn:task/odd']);
  expect(good.told).toHaveLength(1);
  odd.state.fails = false;
  await faults.apply([odd.task, good.task], aborted('a'), book);
  expect([odd.told.length, good.told.length]).toEqual([1, 1]);
  expect(book.list()).toEqual([]);
});

test('the tasks of a lost zone stop three seconds after its loss, and a zone that is back meanwhile loses none', async () => {
  jest.useFakeTimers({ now: 1_000_000 });
  try {
    const faults = new FaultController();
    const { task } = taskWithProxy('t');
    const elsewhere = fakeTask(fakePlan({ id: 'u', subnet: { ...SUBNET, zone: 'us-east-1b' } }));
    const pass = (lostZones: readonly string[]): Promise<void> =>
      faults.apply([task, elsewhere], { ...NO_ORDERS, lostZones: [...lostZones] }, quietBook());
    await pass([SUBNET.zone]);
    jest.advanceTimersByTime(2_999);
    await pass([]);
    jest.advanceTimersByTime(1);
    await pass([SUBNET.zone]);
    jest.advanceTimersByTime(2_999);
    await pass([SUBNET.zone]);
    expect(task.wanted).toBe(true);
    jest.advanceTimersByTime(1);
    await pass([SUBNET.zone]);
    const reason = `Availability Zone ${SUBNET.zone} was lost`;
    expect(task.stopCause).toEqual({ code: 'TerminationNotice', reason });
    expect(elsewhere.wanted).toBe(true);
  } finally {
    jest.useRealTimers();
  }
});
