import { Repeating, together, type SideWork } from './side-work.ts';

function noted(name: string, seen: string[], failure?: string): SideWork {
  return {
    start: async () => {
      await Promise.resolve();
      if (failure !== undefined) throw new Error(failure);
      seen.push(`start ${name}`);
    },
    stop: () => {
      seen.push(`stop ${name}`);
    },
  };
}

test('several start one after the other, and stop in the opposite order', async () => {
  const seen: string[] = [];
  const all = together([noted('one', seen), noted('two', seen)]);
  expect(seen).toEqual([]);
  await all.start();
  expect(seen).toEqual(['start one', 'start two']);
  await all.stop();
  expect(seen.slice(2)).toEqual(['stop two', 'stop one']);
});

test('one that cannot start is told, and those after it do not start', async () => {
  const seen: string[] = [];
  const all = together([noted('one', seen), noted('two', seen, 'no socket'), noted('three', seen)]);
  await expect(all.start()).rejects.toThrow('no socket');
  expect(seen).toEqual(['start one']);
});

describe('a look that is repeated', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  test('is at once, and the next one a pause after its end', async () => {
    let looks = 0;
    let end: () => void = () => undefined;
    const one = new Repeating(() => {
      looks += 1;
      return new Promise((resolve) => (end = resolve));
    }, 1_000);
    await jest.advanceTimersByTimeAsync(5_000);
    expect(looks).toBe(0);
    one.start();
    await jest.advanceTimersByTimeAsync(5_000);
    expect(looks).toBe(1);
    end();
    await jest.advanceTimersByTimeAsync(999);
    expect(looks).toBe(1);
    await jest.advanceTimersByTimeAsync(1);
    expect(looks).toBe(2);
    one.stop();
  });

  test('does not come again after a stop, also when it was under way then', async () => {
    let looks = 0;
    const ends: (() => void)[] = [];
    const one = new Repeating(() => {
      looks += 1;
      return new Promise((resolve) => ends.push(resolve));
    }, 1_000);
    one.start();
    one.stop();
    ends[0]?.();
    await jest.advanceTimersByTimeAsync(5_000);
    expect(looks).toBe(1);
  });

  test('is one look at a time when it is stopped and started again meanwhile', async () => {
    let looks = 0;
    const ends: (() => void)[] = [];
    const one = new Repeating(() => {
      looks += 1;
      return new Promise((resolve) => ends.push(resolve));
    }, 1_000);
    one.start();
    one.stop();
    one.start();
    for (const end of ends) end();
    await jest.advanceTimersByTimeAsync(1_000);
    expect(looks).toBe(3);
    one.stop();
  });
});
