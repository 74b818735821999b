/** Lambda's runtime API for one invocation: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html */
import type { IncomingMessage, RequestListener } from 'node:http';
import { z } from 'zod';
import type { FunctionError, Invocation } from '../core/functions/invocation.ts';

/** "Invocation payload (request and response): 6 MB": https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const MOST_BYTES = 6 * 1024 * 1024;
const NEXT = '/2018-06-01/runtime/invocation/next';
const INIT_ERROR = '/2018-06-01/runtime/init/error';

/** What Lambda tells of an error, and no more; Python's clients and Node's name its trace differently. */
const Trace = z.array(z.string()).optional().catch(undefined);
const Told = z.object({
  errorType: z.string().default('Error'),
  errorMessage: z.string().default(''),
  stackTrace: Trace,
  trace: Trace,
});

type Asked = Pick<Invocation, 'arn' | 'event' | 'id'>;
export type Answered = { readonly payload: string } | { readonly error: FunctionError };

export class RuntimeApi {
  /** What the function answered, once it did. */
  readonly answered: Promise<Answered>;
  #answer: (answer: Answered) => void = () => undefined;
  #given = false;
  readonly #invocation: Asked;
  readonly #deadline: () => number;

  /** @param deadline epoch milliseconds; asked for when the function takes its event, for its time begins with that */
  constructor(invocation: Asked, deadline: () => number) {
    this.#invocation = invocation;
    this.#deadline = deadline;
    this.answered = new Promise((resolve) => (this.#answer = resolve));
  }

  readonly serve: RequestListener = (request, response) => {
    const { arn, event, id } = this.#invocation;
    const { method, url } = request;
    if (method === 'GET' && url === NEXT) {
      // There is no other: who asks again waits for the end of its walls.
      if (this.#given) return;
      this.#given = true;
      response
        .writeHead(200, {
          'content-type': 'application/json',
          'Lambda-Runtime-Aws-Request-Id': id,
          'Lambda-Runtime-Deadline-Ms': String(this.#deadline()),
          'Lambda-Runtime-Invoked-Function-Arn': arn,
        })
        .end(event);
      return;
    }
    const own = `/2018-06-01/runtime/invocation/${id}/`;
    if (method !== 'POST' || (url !== INIT_ERROR && url !== `${own}response` && url !== `${own}error`)) {
      response.writeHead(404).end();
      return;
    }
    void bodyOf(request).then((body) => {
      response.writeHead(body === undefined ? 413 : 202).end('{"status":"OK"}');
      this.#answer(url === `${own}response` ? answerIn(body) : { error: errorIn(body ?? '') });
    });
  };
}

const TOO_LARGE: FunctionError = {
  errorType: 'Function.ResponseSizeTooLarge',
  errorMessage: `Response payload size exceeded maximum allowed payload size (${String(MOST_BYTES)} bytes).`,
};

function answerIn(body: string | undefined): Answered {
  if (body === undefined) return { error: TOO_LARGE };
  try {
    JSON.parse(body);
    return { payload: body };
  } catch {
    return { error: { errorType: 'Runtime.MarshalError', errorMessage: 'the answer of the function is no JSON' } };
  }
}

function errorIn(body: string): FunctionError {
  try {
    return Told.parse(JSON.parse(body));
  } catch {
    return { errorType: 'Unknown', errorMessage: body.slice(0, 1000) };
  }
}

async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const parts: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const part of request) {
      if (!(part instanceof Buffer)) continue;
      bytes += part.length;
      if (bytes > MOST_BYTES) return undefined;
      parts.push(part);
    }
  } catch {
    return undefined;
  }
  return Buffer.concat(parts).toString();
}
