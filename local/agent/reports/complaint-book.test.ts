import { ControlPlaneGone } from '../aws/control-plane-gone.ts';
import { ComplaintBook } from './complaint-book.ts';

function bookAt(clock: { now: number }) {
  const lines: string[] = [];
  const told: string[] = [];
  const listener = { log: (line: string) => lines.push(line), onNew: (resource: string) => told.push(resource) };
  return { book: new ComplaintBook(listener, () => clock.now), lines, told };
}

const name = (thing: string): string => thing;

test('a resource that throws holds up no other; its complaint is written once, and ends when it is well', async () => {
  const clock = { now: 1 };
  const { book, lines, told } = bookAt(clock);
  const done: string[] = [];
  const act = (bad: string) => (thing: string) => {
    if (thing === bad) throw new Error(`no ${thing}`);
    done.push(thing);
  };
  await book.each('things', ['a', 'b', 'c'], name, act('b'));
  clock.now = 2;
  await book.each('things', ['a', 'b', 'c'], name, act('b'));
  expect(done).toEqual(['a', 'c', 'a', 'c']);
  expect(book.list()).toEqual([{ resource: 'b', message: 'no b', since: 1 }]);
  expect([lines, told]).toEqual([['b: no b'], ['b']]);
  await book.each('things', ['a', 'b', 'c'], name, act('none'));
  expect(book.list()).toEqual([]);
  expect(lines.at(-1)).toBe('b: what was complained about is over');
});

test('each resource has one entry, whichever part complains of it', () => {
  const { book } = bookAt({ now: 1 });
  for (const section of ['reading', 'making']) {
    const { complain, end } = book.round(section);
    complain('lb', `${section} failed`);
    end();
  }
  expect(book.list()).toEqual([{ resource: 'lb', message: 'reading failed; making failed', since: 1 }]);
});

test('a control plane that is gone is no fault of the resources', async () => {
  const { book } = bookAt({ now: 1 });
  await book.each('reports', ['a', 'b'], name, () => {
    throw new ControlPlaneGone('the control plane does not answer: refused');
  });
  expect(book.list().map(({ resource }) => resource)).toEqual(['control plane']);
});

test('a step says whether it was done, and what is fatal ends everything', async () => {
  const { book } = bookAt({ now: 1 });
  expect(await book.step('good', () => undefined)).toBe(true);
  expect(await book.step('bad', () => Promise.reject(new Error('no')))).toBe(false);
  const fatal = book.each(
    'x',
    ['a'],
    name,
    () => Promise.reject(new RangeError('lost')),
    (error) => error instanceof RangeError,
  );
  await expect(fatal).rejects.toThrow('lost');
});
