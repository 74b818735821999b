import { leaveWhenFailed } from './leave.ts';

test.each([
  [1, false, 1],
  [65, false, 1],
  [0, false, 0],
  [undefined, false, 0],
  [1, true, 0],
])(
  'a command that ends with exit code %s, interrupted %s: the process is ended %s times',
  async (exitCode, interrupted, times) => {
    const exit = jest.fn();
    await leaveWhenFailed(
      () => Promise.resolve(),
      { exitCode, exit },
      () => interrupted,
    );
    expect(exit).toHaveBeenCalledTimes(times);
  },
);
