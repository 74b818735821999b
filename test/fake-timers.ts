/** The runner knows some of jest's fake timers; here are the others that our tests use. */
import { ModernFakeTimers } from '@jest/fake-timers';

const config = { fakeTimers: { enableGlobally: false } } as ConstructorParameters<typeof ModernFakeTimers>[0]['config'];
const timers = new ModernFakeTimers({ config, global: globalThis });

Object.assign(jest, {
  useFakeTimers: (settings?: Parameters<ModernFakeTimers['useFakeTimers']>[0]) => {
    timers.useFakeTimers(settings);
    return jest;
  },
  useRealTimers: () => {
    timers.useRealTimers();
    return jest;
  },
  setSystemTime: (now: number) => {
    timers.setSystemTime(now);
  },
  advanceTimersByTime: (milliseconds: number) => {
    timers.advanceTimersByTime(milliseconds);
  },
  advanceTimersByTimeAsync: (milliseconds: number) => timers.advanceTimersByTimeAsync(milliseconds),
});
