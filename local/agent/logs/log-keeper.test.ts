import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ComplaintBook } from '../reports/complaint-book.ts';
import type { Task } from '../runtime/task.ts';
import { LogKeeper } from './log-keeper.ts';

const LIMITS = { taskBytes: 4_000, regionBytes: 10_000, stoppedTasks: 10, ownBytes: 2_000 };

let limits: typeof LIMITS;
let directory: string;
let tasks: Map<string, Pick<Task, 'plan'>>;
let book: ComplaintBook;
let keeper: LogKeeper;
let held: string[];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'log-keeper-'));
  tasks = new Map();
  book = new ComplaintBook({ log: () => undefined, onNew: () => undefined });
  held = [];
  limits = { ...LIMITS };
  const reserve = {
    hold: (file: string) => {
      held.push(file);
      return Promise.resolve();
    },
    keepOnly: () => undefined,
  };
  keeper = new LogKeeper({ directory, tasks, book, limits, reserve });
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

function task(id: string, sizes: readonly number[], at?: number): string {
  const logDirectory = join(directory, 'tasks', id);
  mkdirSync(logDirectory, { recursive: true });
  for (const [index, size] of sizes.entries()) {
    const file = join(logDirectory, `${String(index)}.log`);
    writeFileSync(file, `${'x'.repeat(99)}\n`.repeat(size / 100));
    if (at !== undefined) utimesSync(file, at, at);
  }
  if (at === undefined) tasks.set(id, { plan: { logDirectory } } as Pick<Task, 'plan'>);
  return logDirectory;
}

const bytesIn = (place: string): number =>
  readdirSync(place).reduce((sum, name) => sum + statSync(join(place, name)).size, 0);

test('what a task may keep is shared by its files; each is moved on when it has more', async () => {
  const one = task('one', [900, 1_100]);
  await keeper.look();
  expect(readdirSync(one).sort()).toEqual(['0.log', '1.log', '1.log.1100']);
  expect(bytesIn(one)).toBe(1_900);
  expect(held).toEqual([join(one, '0.log'), join(one, '1.log')]);
});

test('the region’s own logs are moved on, and what is not a log stays', async () => {
  for (const name of ['agent.log', 'spans.jsonl'])
    writeFileSync(join(directory, name), `${'x'.repeat(99)}\n`.repeat(15));
  await keeper.look();
  expect(readdirSync(directory).sort()).toEqual(['agent.log', 'agent.log.1500', 'spans.jsonl']);
  expect(statSync(join(directory, 'agent.log.1500')).size).toBe(1_000);
});

test('so are those of the resolvers of VPCs', async () => {
  const names = join(directory, 'names');
  mkdirSync(names);
  writeFileSync(join(names, 'vpc-1.log'), `${'x'.repeat(99)}\n`.repeat(15));
  await keeper.look();
  expect(readdirSync(names).sort()).toEqual(['vpc-1.log', 'vpc-1.log.1500']);
});

test('all tasks together stay within the limit of the region: the oldest that is over goes first', async () => {
  const running = task('running', [1_000]);
  const old = task('old', [1_000], 1_000);
  const late = [2, 3, 4, 5].map((at) => task(`late-${String(at)}`, [1_000], at * 1_000));
  limits.regionBytes = 5_000;
  await keeper.look();
  expect([running, old, ...late].filter((one) => !existsSync(one))).toEqual([old]);
  expect([running, ...late].reduce((sum, one) => sum + bytesIn(one), 0)).toBeLessThanOrEqual(5_000);
});

test('logs that can’t be kept short are complained about, and the others are kept short all the same', async () => {
  const broken = task('broken', []);
  mkdirSync(join(broken, '0.log/in-the-way'), { recursive: true });
  writeFileSync(join(broken, '0.log.times'), 'x'.repeat(9_000));
  const good = task('good', [3_000]);
  await keeper.look();
  expect(book.list().map(({ resource }) => resource)).toEqual([`logs in ${broken}`]);
  expect(bytesIn(good)).toBeLessThanOrEqual(4_000);
  expect(statSync(join(good, '0.log')).size).toBe(0);
});

test('it looks at once when it is started and once a second after that, until it is stopped', async () => {
  jest.useFakeTimers();
  try {
    task('one', [100]);
    await jest.advanceTimersByTimeAsync(5_000);
    expect(held).toHaveLength(0);
    keeper.start();
    await jest.advanceTimersByTimeAsync(0);
    expect(held).toHaveLength(1);
    await jest.advanceTimersByTimeAsync(2_000);
    expect(held).toHaveLength(3);
    keeper.stop();
    await jest.advanceTimersByTimeAsync(5_000);
    expect(held).toHaveLength(3);
  } finally {
    jest.useRealTimers();
  }
});

test('the logs of resolvers, functions and ways out are the region’s own', async () => {
  const files = ['names', 'functions', 'ways-out'].map((folder) => join(directory, folder, 'one.log'));
  for (const file of files) {
    mkdirSync(dirname(file));
    writeFileSync(file, `${'x'.repeat(99)}\n`.repeat(15));
  }
  await keeper.look();
  expect(files.map((file) => statSync(file).size <= LIMITS.ownBytes / 2)).toEqual([true, true, true]);
});
