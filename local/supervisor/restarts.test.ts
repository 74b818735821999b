import { Restarts } from './restarts.ts';

const HOUR_MS = 3_600_000;

/** @returns the pauses of a process that ends as soon as it is started */
function always(restarts: Restarts, from: number): number[] {
  const pauses: number[] = [];
  for (let now = from; ;) {
    const pause = restarts.afterEnd(now);
    if (pause === undefined) return pauses;
    pauses.push(pause);
    now += pause;
  }
}

test('what ends once in a while is started again at once, however often', () => {
  const restarts = new Restarts();
  for (let end = 0; end < 100; end++) expect(restarts.afterEnd(end * HOUR_MS)).toBe(0);
});

test('what ends again and again waits ever longer, and is given up', () => {
  const pauses = always(new Restarts(), 0);
  expect(pauses.slice(0, 5)).toEqual([0, 250, 500, 1_000, 2_000]);
  expect(Math.max(...pauses)).toBe(30_000);
  expect(pauses).toHaveLength(20);
});

test('a bad quarter of an hour is forgotten', () => {
  const restarts = new Restarts();
  for (let end = 0; end < 15; end++) restarts.afterEnd(end);
  expect(restarts.afterEnd(HOUR_MS)).toBe(0);
});
