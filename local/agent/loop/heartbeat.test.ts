import { ControlPlaneGone } from '../aws/control-plane-gone.ts';
import { Changes } from './changes.ts';
import { Heartbeat } from './heartbeat.ts';

afterEach(() => {
  jest.useRealTimers();
});

test('a beat a second asks for a pass, also while the control plane is gone, until it is stopped', async () => {
  jest.useFakeTimers();
  const changes = new Changes();
  let beats = 0;
  const heartbeat = () => {
    beats += 1;
    return Promise.reject(new ControlPlaneGone('gone'));
  };
  const one = new Heartbeat({ heartbeat }, changes);
  expect(beats).toBe(0);
  one.start();
  changes.take();
  await jest.advanceTimersByTimeAsync(3_000);
  expect(beats).toBe(4);
  expect(changes.pending).toBe(true);
  one.stop();
  await jest.advanceTimersByTimeAsync(3_000);
  expect(beats).toBe(4);
});
