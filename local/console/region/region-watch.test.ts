import type { Region } from '../../region/region-file.ts';
import type { AwsState } from './compose.ts';
import { RegionWatch } from './region-watch.ts';

const FILE: Region = {
  ...{ regionId: 'r', supervisorPid: 1, endpoint: 'http://127.0.0.1:1', port: 1, startedAt: '' },
  credentials: { accessKeyId: 'k', secretAccessKey: 's' },
};
const STATE: AwsState = { services: [], definitions: new Map(), namespaces: [], loadBalancers: [] };

/** Turns of the event loop, until it is so. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise(setImmediate);
}

/** A watch whose pauses end when the test says so: each loop that goes on is in one of them. */
function watched() {
  const pauses: (() => void)[] = [];
  let looks = 0;
  const read = (): Promise<AwsState> => {
    looks++;
    return Promise.resolve(STATE);
  };
  const pause = (): Promise<void> => new Promise((resolve) => pauses.push(resolve));
  return { watch: new RegionWatch(() => FILE, { read }, pause), pauses, looks: () => looks };
}

const wake = (pauses: (() => void)[]): void => {
  for (const end of pauses.splice(0)) end();
};

test('a page that is loaded again and again has one loop, and when it is closed there is none', async () => {
  const { watch, pauses } = watched();
  let page = new AbortController();
  watch.watch(() => undefined, page.signal);
  await until(() => pauses.length > 0);
  for (let reload = 0; reload < 3; reload++) {
    page.abort();
    page = new AbortController();
    watch.watch(() => undefined, page.signal);
  }
  let looks = 0;
  watch.watch(() => looks++, page.signal);
  wake(pauses);
  await until(() => looks > 0 && pauses.length > 0);
  expect(pauses).toHaveLength(1);
  page.abort();
  wake(pauses);
  await new Promise(setImmediate);
  expect(pauses).toHaveLength(0);
  // And one that comes later finds a loop again.
  watch.watch(() => undefined, new AbortController().signal);
  await until(() => pauses.length === 1);
});

test('a page that was closed before the first look is not looked for', async () => {
  const { watch, looks } = watched();
  watch.watch(() => undefined, AbortSignal.abort());
  await new Promise(setImmediate);
  expect(looks()).toBe(0);
});
