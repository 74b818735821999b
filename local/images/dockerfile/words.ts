/** Words of a Dockerfile's instruction, with its variables: https://docs.docker.com/reference/dockerfile/#environment-replacement */

export type Lookup = (name: string) => string | undefined;

const NAME = /^[A-Za-z_]\w*/;
/** `${name}`, `${name:-word}`, `${name:+word}`, and both without the colon. */
const BRACED = /^\{([A-Za-z_]\w*)(?:(:?)([-+])((?:[^{}]|\$\{[^{}]*\})*))?\}/;

/** A variable after its `$`: what it is, and how long its name was written. */
function variable(rest: string, lookup: Lookup): [value: string, length: number] | undefined {
  const [plain] = NAME.exec(rest) ?? [];
  if (plain !== undefined) return [lookup(plain) ?? '', plain.length];
  const [whole, name = '', colon, sign, word = ''] = BRACED.exec(rest) ?? [];
  if (whole === undefined) return undefined;
  const value = lookup(name);
  const isSet = value !== undefined && (colon !== ':' || value !== '');
  if (sign === '-') return [isSet ? value : expanded(word, lookup), whole.length];
  if (sign === '+') return [isSet ? expanded(word, lookup) : '', whole.length];
  return [value ?? '', whole.length];
}

/** Splits at spaces outside of quotes, and takes quotes and escapes away. */
export function words(text: string, lookup: Lookup, escape = '\\'): string[] {
  const found: string[] = [];
  let word: string | undefined;
  let quote: string | undefined;
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (quote === undefined && /\s/.test(char)) {
      if (word !== undefined) found.push(word);
      word = undefined;
    } else if (char === quote) quote = undefined;
    else if (quote === undefined && (char === '"' || char === "'")) {
      quote = char;
      word ??= '';
    } else if (char === escape && quote !== "'" && at + 1 < text.length) {
      at += 1;
      const next = text.charAt(at);
      // Within quotes it is one only before what would mean something there.
      word = (word ?? '') + (quote === '"' && !['"', '$', escape].includes(next) ? char + next : next);
    } else {
      const [value, length] = (char === '$' && quote !== "'" ? variable(text.slice(at + 1), lookup) : undefined) ?? [
        char,
        0,
      ];
      word = (word ?? '') + value;
      at += length;
    }
  }
  return word === undefined ? found : [...found, word];
}

/** The same as one word. */
const expanded = (text: string, lookup: Lookup): string => words(`"${text.replaceAll('"', '\\"')}"`, lookup).join('');
