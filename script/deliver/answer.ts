/** What the system answers when it is right. */
import { z } from 'zod';

const NAME = 'smoke';
/** Behind the slash of a URL. */
export const QUESTION = `?name=${NAME}`;
const Answer = z.object({
  key_one: z.literal(`(${NAME})Field 1`),
  key_two: z.literal(`(${NAME})Field 2`),
  key_time: z.iso.datetime({ precision: 9 }),
});

/** What is wrong with an answer of service-b; nothing when it is right. */
export function faultOf(status: string, body: string): string | undefined {
  const said = `${status} ${body.trim()}`.slice(0, 300);
  if (status !== '200') return said;
  try {
    return Answer.safeParse(JSON.parse(body)).success ? undefined : said;
  } catch {
    return said;
  }
}
