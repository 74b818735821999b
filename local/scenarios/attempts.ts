/** How often each task of the testbed was asked, counted by itself: what a client sees is the last attempt only. */
import { z } from 'zod';
import { URL } from './services.ts';
import type { LoadOptions } from './callers.ts';
import type { LoadResult } from './load-result.ts';
import { expect } from './scenario.ts';
import type { Testbed } from './testbed.ts';

const Count = z.object({ counts: z.object({ requests: z.record(z.string(), z.number()) }) });

/** How often each task of a service was asked for a path, asked behind the mesh's back. */
export async function attempts(testbed: Testbed, path: string, name = 'testbed'): Promise<number[]> {
  return Promise.all(
    testbed.tasks(name).map(async ({ taskId }) => {
      const { body } = await testbed.curl(taskId, 'http://127.0.0.1:3000/count');
      return Count.parse(JSON.parse(body)).counts.requests[`GET ${path}`] ?? 0;
    }),
  );
}

export async function freshCounts(testbed: Testbed): Promise<void> {
  for (const { taskId } of testbed.tasks('testbed'))
    await testbed.curl(taskId, 'http://127.0.0.1:3000/count', '-X', 'DELETE');
}

/** One request, and how many attempts each task saw. */
export async function tried(
  testbed: Testbed,
  path: string,
): Promise<{ status: number; attempts: number[]; text: string }> {
  await freshCounts(testbed);
  const { status } = await testbed.curl('probe', `${URL}${path}`);
  const seen = await attempts(testbed, path.split('?')[0] ?? path);
  return { status, attempts: seen, text: `${String(status)}, attempts by task: ${seen.join(', ')}` };
}

/** @returns what was seen. @throws AssertionError when the answer is another, or a task was asked again */
export async function answeredOnce(testbed: Testbed, path: string, status: number): Promise<string> {
  const seen = await tried(testbed, path);
  expect(seen.status === status && total(seen.attempts) === 1, seen.text);
  return seen.text;
}

export const total = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0);

/** A number, not a time: what is under way when the time is over would be attempts without a request. */
const HUNDREDS = { connections: 4, overallRate: 150, amount: 300 } as const;

/** Attempts that the tasks counted, for each request that the client sent. */
export async function amplification(
  testbed: Testbed,
  path: string,
  load: Pick<LoadOptions, 'connections' | 'overallRate' | 'amount'> = HUNDREDS,
): Promise<{ factor: number; sent: number; statuses: LoadResult['statuses'] }> {
  await freshCounts(testbed);
  const { answered, failed, statuses } = await testbed.load('probe', { ...load, url: `${URL}${path}`, duration: 30 });
  const sent = answered + failed;
  return { factor: total(await attempts(testbed, path.split('?')[0] ?? path)) / sent, sent, statuses };
}
