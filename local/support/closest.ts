/** Rules by the names of types; a name that ends in a colon stands for all types that begin with it. */

const covers = (name: string, type: string): boolean => (name.endsWith(':') ? type.startsWith(name) : type === name);

/** The rule whose name is the longest of those that cover a type: what is said of a type wins over what is said of its kind. */
export function closest<T>(
  rules: readonly (readonly [name: string, said: T])[],
  type: string,
): readonly [name: string, said: T] | undefined {
  return rules.filter(([name]) => covers(name, type)).toSorted(([one], [other]) => other.length - one.length)[0];
}
