/** All that an answer of a registry holds, asked for once more where it is cut off. */
import pRetry from 'p-retry';
import type { Response } from 'undici';
import { PullError, unreached } from './pull-error.ts';

/** As Docker tries: https://docs.docker.com/reference/cli/dockerd/ (`max-download-attempts`). The first wait doubles. */
export const RETRYING = { retries: 4, minTimeout: 250 };

/**
 * @param ask sends the request; it retries by itself, and throws PullError when there is no answer
 * @throws PullError, also where each answer is cut off
 */
export async function wholeAnswer(host: string, ask: () => Promise<Response>): Promise<Buffer> {
  const whole = async (): Promise<Buffer> => {
    const answer = await ask();
    return Buffer.from(
      await answer.arrayBuffer().catch((error: unknown) => {
        // A TypeError, which says a mistake of the program's elsewhere and is not tried again.
        throw new Error('an answer was cut off', { cause: error });
      }),
    );
  };
  try {
    return await pRetry(whole, { ...RETRYING, shouldRetry: ({ error }) => !(error instanceof PullError) });
  } catch (error) {
    throw error instanceof PullError ? error : unreached(host, error);
  }
}
