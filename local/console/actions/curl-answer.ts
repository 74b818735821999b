/** What `curl --include --write-out '\n%{time_total}'` printed, taken apart. Pure. */
import type { ActionResult } from '../protocol/actions.ts';

/** What curl says when no answer came, without the time, which stands there all the same. */
export const withoutTime = (text: string): string => text.replace(/^\d+\.\d+$/m, '').trim();

export function readResponse(text: string): ActionResult['response'] {
  const end = text.lastIndexOf('\n');
  const seconds = Number(text.slice(end + 1));
  let rest = text.slice(0, end);
  for (;;) {
    const blank = /\r?\n\r?\n/.exec(`${rest}\n\n`);
    const [first = '', ...lines] = rest.slice(0, blank?.index).split(/\r?\n/);
    const status = Number(/^HTTP\/[\d.]+ (\d{3})/.exec(first)?.[1]);
    if (Number.isNaN(status)) return undefined;
    const body = rest.slice((blank?.index ?? 0) + (blank?.[0].length ?? 0));
    // 100 Continue and its like come before the answer.
    if (status < 200) {
      rest = body;
      continue;
    }
    const headers = lines.map((line): [string, string] => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    });
    const requestId = headers.find(([name]) => name === 'x-request-id')?.[1];
    return { status, headers, body, durationMs: Math.round(seconds * 1000), requestId };
  }
}
