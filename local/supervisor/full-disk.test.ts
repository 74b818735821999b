import { keepTrying } from './keep-trying.ts';
import { LogWriter } from './log-writer.ts';

const full = (): never => {
  throw new Error('ENOSPC: no space left on device');
};

test('a log on a full disk loses lines, and says how many when there is room again', () => {
  let isFull = false;
  let text = '';
  const log = new LogWriter((more) => {
    if (isFull) full();
    text += more;
  });
  log.line('one');
  isFull = true;
  log.line('two');
  log.line('three');
  isFull = false;
  log.line('four');
  log.line('five');
  expect(text).toBe('one\n2 lines could not be written here: the disk was full\nfour\nfive\n');
});

test('what can’t be written now is written later, once', () => {
  let tries = 0;
  const waiting: (() => void)[] = [];
  keepTrying(
    () => {
      tries += 1;
      if (tries < 3) full();
    },
    (again) => waiting.push(again),
  );
  while (waiting.length > 0) waiting.shift()?.();
  expect(tries).toBe(3);
});
