import { timesOf } from './log-lines.ts';

const lines = (...texts: string[]) => {
  let offset = 0;
  return texts.map((text) => {
    const line = { offset, text };
    offset += text.length + 1;
    return line;
  });
};
const T = Date.parse('2026-01-01T00:00:00Z');
const ats = (...given: Parameters<typeof timesOf>) => timesOf(...given).map(({ at }) => (at - T) / 1000);

test('lines without a time are where they were captured, those after the last capture where the file changed', () => {
  const captures = [
    { end: 4, at: T + 5_000 },
    { end: 8, at: T + 9_000 },
  ];
  expect(ats(lines('one', 'two', 'six'), captures, T + 12_000)).toEqual([5, 9, 12]);
});

test('what was captured with a line that has a time stays with it; later lines do not', () => {
  const text = lines('2026-01-01T00:00:01Z boom', '  at x', 'later');
  const captures = [
    { end: 33, at: T + 1_400 },
    { end: 39, at: T + 30_000 },
  ];
  expect(ats(text, captures, T + 30_000)).toEqual([1, 1, 30]);
});

test('a date that a line speaks of is not when it was written', () => {
  expect(ats(lines('reads 2020-05-05T00:00:00Z.csv'), [{ end: 99, at: T + 2_000 }], T)).toEqual([2]);
});

test('a file without captures goes by the times in it', () => {
  expect(ats(lines('begins', '2026-01-01T00:00:01Z x', 'and on'), [], T + 99_000)).toEqual([1, 1, 1]);
  expect(ats(lines('never'), [], T + 99_000)).toEqual([99]);
});
