import type { Version } from '../aws/control-plane-channel.ts';
import { ControlPlaneGone } from '../aws/control-plane-gone.ts';
import { RouterLost } from '../network/vpc-network.ts';
import { stateWith } from '../testing/region-state.ts';
import { Changes } from './changes.ts';
import { RegionWatch } from './region-watch.ts';

const STATE = stateWith([]);

/** A control plane and an agent's parts that do what a test says, and a list of what was asked of them. */
function region() {
  const done: string[] = [];
  const lines: string[] = [];
  const changes = new Changes();
  const answers = {
    version: { version: 1, epoch: 'first' } as Version | Error,
    readsAll: true,
    known: true,
    state: STATE as typeof STATE | undefined,
    failing: new Map<string, Error>(),
    duringPass: (): void => undefined,
  };
  const step = (name: string): Promise<void> => {
    done.push(name);
    const error = answers.failing.get(name);
    return error === undefined ? Promise.resolve() : Promise.reject(error);
  };
  const watch = new RegionWatch({
    channel: {
      version: () =>
        answers.version instanceof Error ? Promise.reject(answers.version) : Promise.resolve(answers.version),
    },
    changes,
    orders: { look: () => false },
    reader: {
      get state() {
        return answers.state;
      },
      read: () => step('read').then(() => answers.readsAll),
    },
    former: {
      mayBeTakenOver: () => answers.known,
      takeOver: () => step('take over'),
      report: () => step('report former tasks'),
    },
    resync: () => done.push('resync'),
    pass: () => {
      answers.duringPass();
      return step('pass');
    },
    log: (line) => lines.push(line),
  });
  return {
    answers,
    changes,
    lines,
    watch,
    /** What one more look did. */
    look: async () => {
      done.length = 0;
      const rest = await watch.look();
      return { done: [...done], rest };
    },
  };
}

test('the first look takes over what was there before the first pass, and then nothing happens without a change', async () => {
  const { changes, look, watch } = region();
  expect(await look()).toEqual({ done: ['read', 'take over', 'report former tasks', 'pass'], rest: 100 });
  expect(watch.ready).toBe(true);
  expect((await look()).done).toEqual([]);
  changes.note();
  expect((await look()).done).toEqual(['pass']);
});

test('changes during a pass are looked at soon after it', async () => {
  const { answers, changes, look } = region();
  answers.duringPass = changes.note;
  expect((await look()).rest).toBe(10);
  answers.duringPass = () => undefined;
  expect(await look()).toEqual({ done: ['pass'], rest: 100 });
});

test('there is no pass before it is known what an agent before this one left', async () => {
  const { answers, look, watch } = region();
  answers.known = false;
  expect((await look()).done).toEqual(['read']);
  answers.known = true;
  answers.failing.set('report former tasks', new ControlPlaneGone('gone'));
  expect((await look()).done).toEqual(['take over', 'report former tasks']);
  expect(watch.ready).toBe(false);
  answers.failing.clear();
  // It is taken over once, and told until somebody heard it.
  expect((await look()).done).toEqual(['read', 'report former tasks', 'pass']);
});

test('a control plane that is gone holds no pass back, and is complained about once', async () => {
  const { answers, changes, lines, look } = region();
  await look();
  answers.version = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
  for (let passes = 0; passes < 3; passes++) {
    changes.note();
    expect(await look()).toEqual({ done: ['pass'], rest: 100 });
  }
  expect(lines).toEqual(["the region's state can't be read and is read again: connect ECONNREFUSED"]);
  // The same process is back: it knows everything, but something may have changed meanwhile.
  answers.version = { version: 1, epoch: 'first' };
  expect((await look()).done).toEqual(['read', 'pass']);
});

test('a control plane with another epoch is told everything again, also at the same version', async () => {
  const { answers, look } = region();
  await look();
  answers.version = { version: 1, epoch: 'second' };
  expect((await look()).done).toEqual(['resync', 'read', 'pass']);
  expect((await look()).done).toEqual([]);
});

test('a state that was not read whole is read again', async () => {
  const { answers, look } = region();
  answers.readsAll = false;
  expect(await look()).toMatchObject({ rest: 100 });
  expect((await look()).done).toEqual(['read', 'pass']);
  answers.readsAll = true;
  await look();
  expect((await look()).done).toEqual([]);
});

test('a pass that fails ends nothing, and a lost router ends everything', async () => {
  const { answers, changes, lines, look } = region();
  answers.failing.set('pass', new Error('a bug'));
  expect((await look()).done).toContain('pass');
  expect(lines).toEqual(['a pass failed and is tried again: a bug']);
  changes.note();
  answers.failing.set('pass', new RouterLost('the router ended'));
  await expect(look()).rejects.toThrow(RouterLost);
});
