import { whileTelling } from './while-telling.ts';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

test('a step that lasts repeats its message, with its progress, until it ends', async () => {
  const said: string[] = [];
  let note = 'Compiling tokio';
  let end = (): void => undefined;
  const work = new Promise<void>((resolve) => {
    end = resolve;
  });
  const over = whileTelling(work, { note: () => note, say: (line) => said.push(line), everyMs: 10_000 });
  jest.advanceTimersByTime(9_000);
  expect(said).toEqual([]);
  jest.advanceTimersByTime(1_000);
  note = 'Compiling axum';
  jest.advanceTimersByTime(10_000);
  expect(said).toEqual(['10 s: Compiling tokio', '20 s: Compiling axum']);
  end();
  await over;
  jest.advanceTimersByTime(60_000);
  expect(said).toHaveLength(2);
});

test('what fails stops the telling and fails', async () => {
  const said: string[] = [];
  const work = Promise.reject(new Error('cargo build failed'));
  await expect(whileTelling(work, { note: () => '', say: (line) => said.push(line), everyMs: 1 })).rejects.toThrow(
    'cargo build failed',
  );
  jest.advanceTimersByTime(1_000);
  expect(said).toEqual([]);
});
