/** What a registry asks for before it gives something: https://www.rfc-editor.org/rfc/rfc9110#name-www-authenticate */

export interface Challenge {
  /** In small letters. */
  readonly scheme: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** A parameter, whose value is a token or quoted; or a scheme, which no `=` follows. */
const PART = /([A-Za-z0-9!#$%&'*+.^_`|~-]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+)))?/g;

export function challengesIn(header: string): Challenge[] {
  const found: { scheme: string; parameters: Record<string, string> }[] = [];
  for (const [, name = '', quoted, plain] of header.matchAll(PART)) {
    const value = quoted?.replaceAll(/\\(.)/g, '$1') ?? plain;
    if (value === undefined) found.push({ scheme: name.toLowerCase(), parameters: {} });
    else Object.assign(found.at(-1)?.parameters ?? {}, { [name.toLowerCase()]: value });
  }
  return found;
}
