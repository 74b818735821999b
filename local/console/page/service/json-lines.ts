/** JSON as lines that know their place, so that a line can be linked to another document's. */
import { pointerTo } from '../../envoy-view/pointers.ts';

export interface JsonLine {
  /** https://www.rfc-editor.org/rfc/rfc6901 */
  readonly pointer: string;
  readonly depth: number;
  readonly key: string | undefined;
  readonly text: string;
  readonly kind: 'string' | 'number' | 'word' | 'bracket';
}

export function jsonLines(value: unknown, pointer = '', key?: string, depth = 0, comma = ''): JsonLine[] {
  const line = (text: string, kind: JsonLine['kind']): JsonLine => ({ pointer, depth, key, text, kind });
  if (typeof value !== 'object' || value === null) {
    const kind = typeof value === 'string' ? 'string' : typeof value === 'number' ? 'number' : 'word';
    return [line(JSON.stringify(value) + comma, kind)];
  }
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  const entries = Object.entries(value);
  if (entries.length === 0) return [line(open + close + comma, 'bracket')];
  const named = !Array.isArray(value);
  return [
    line(open, 'bracket'),
    ...entries.flatMap(([name, one], index) =>
      jsonLines(
        one,
        `${pointer}${pointerTo([name])}`,
        named ? name : undefined,
        depth + 1,
        index === entries.length - 1 ? '' : ',',
      ),
    ),
    { ...line(close + comma, 'bracket'), key: undefined },
  ];
}

/** Whether a line is the place, or lies in what it holds. */
export const within = (pointer: string, place: string): boolean => pointer === place || pointer.startsWith(`${place}/`);
