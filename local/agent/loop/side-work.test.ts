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

  /** A look that ends when the test says so. */
  function repeated() {
    const looks: (() => void)[] = [];
    const one = new Repeating(() => new Promise((resolve) => looks.push(resolve)), 1_000);
    return { looks, one };
  }

  test('is at once, and the next one a pause after its end', async () => {
    const { looks, one } = repeated();
    await jest.advanceTimersByTimeAsync(5_000);
    expect(looks).toHaveLength(0);
    one.start();
    await jest.advanceTimersByTimeAsync(5_000);
    expect(looks).toHaveLength(1);
    looks[0]?.();
    await jest.advanceTimersByTimeAsync(999);
    expect(looks).toHaveLength(1);
    await jest.advanceTimersByTimeAsync(1);
    expect(looks).toHaveLength(2);
    one.stop();
  });

  test('does not come again after a stop, also when it was under way then', async () => {
    const { looks, one } = repeated();
    one.start();
    one.stop();
    looks[0]?.();
    await jest.advanceTimersByTimeAsync(5_000);
    expect(looks).toHaveLength(1);
  });

  test('is one look at a time when it is stopped and started again meanwhile', async () => {
    const { looks, one } = repeated();
    one.start();
    one.stop();
    one.start();
    for (const end of [...looks]) end();
    await jest.advanceTimersByTimeAsync(1_000);
    expect(looks).toHaveLength(3);
    one.stop();
  });
});
