/** Names that the command line gives and no template has: most often a typing error. Pure, on what was read. */
import type { App, AppOptions } from './app.ts';
import { isCustom } from '../support/custom-resources.ts';
import { answeredId } from './given-answers.ts';
import { assetOf, givenName, imagesIn } from './images-in.ts';

function lines(what: string, given: readonly string[], known: readonly string[]): string[] {
  const others = known.length === 0 ? 'there is none' : `there is ${[...new Set(known)].sort().join(', ')}`;
  return given.map((name) => `${what} ${name}: ${others}`);
}

function parameterLines(apps: readonly App[], given: readonly string[]): string[] {
  // A nested stack gets its parameters from its parent.
  const stacks = apps.flatMap((app) => app.stacks).filter(({ name }) => !name.includes('/'));
  const known = stacks.flatMap(({ template }) => Object.keys(template.Parameters));
  const unknown = given.filter((name) => !known.includes(name));
  return lines('no template has the parameter', unknown, known);
}

function imageLines(apps: readonly App[], options: AppOptions): string[] {
  const used = apps.flatMap(({ stacks, dockerAssets }) =>
    stacks.flatMap((stack) => imagesIn(stack, options)).map(({ reference }) => ({ reference, dockerAssets })),
  );
  const known: string[] = [];
  let unused = Object.keys(options.image);
  for (const { reference, dockerAssets } of used) {
    if (reference === undefined) return []; // named only at the deploy: it may be any of them
    known.push(assetOf(reference, dockerAssets)?.displayName ?? reference);
    unused = unused.filter((name) => givenName(reference, dockerAssets, { [name]: '' }) === undefined);
  }
  return lines('no container has the image', unused, known);
}

function answerLines(apps: readonly App[], given: readonly string[]): string[] {
  const known = apps.flatMap(({ stacks }) =>
    stacks.flatMap(({ template }) =>
      Object.entries(template.Resources).flatMap(([id, { Type }]) => (isCustom(Type) ? [id] : [])),
    ),
  );
  const unknown = [...new Set(given.map(answeredId))].filter((id) => !known.includes(id));
  return lines('no template has the custom resource', unknown, known);
}

/**
 * SSM parameters are not among them: an application may read one whose name is in no template.
 * @returns a line for each name, with those that there are
 */
export function namesNotThere(apps: readonly App[], options: AppOptions): string[] {
  return [
    ...parameterLines(apps, Object.keys(options.parameter)),
    ...imageLines(apps, options),
    ...answerLines(apps, Object.keys(options.answer ?? {})),
  ];
}
