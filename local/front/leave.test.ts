import { leaveWhenFailed } from './leave.ts';

test.each([
  [1, 1],
  [65, 1],
  [0, 0],
  [undefined, 0],
])('a command that ends with exit code %s: the process is ended %s times', async (exitCode, times) => {
  const exit = jest.fn();
  await leaveWhenFailed(() => Promise.resolve(), { exitCode, exit });
  expect(exit).toHaveBeenCalledTimes(times);
});
