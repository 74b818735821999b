/** Names that can be there once only, and several stacks have. Pure, on what was read. */
import type { CheckRow } from '../support/check.ts';
import { exportsOf } from '../deploy/deploy-rows.ts';
import type { App } from './app.ts';

/** Each key with all of its values, where it has more than one. */
function repeated(pairs: readonly (readonly [string, string])[]): [string, string[]][] {
  const values = new Map<string, string[]>();
  for (const [key, value] of pairs) values.set(key, [...(values.get(key) ?? []), value]);
  return [...values].filter(([, all]) => all.length > 1);
}

/** CDK's own: https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-env.html */
const BOOTSTRAP = 'CDKToolkit';

/** A name is one stack: https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html */
function stackRows(apps: readonly App[]): CheckRow[] {
  // A nested stack is as often there as its parent.
  const named = apps.flatMap(({ name: giver, stacks }) =>
    stacks.filter(({ name }) => !name.includes('/')).map(({ name }) => [name, giver] as const),
  );
  const bootstrap = named.some(([name]) => name === BOOTSTRAP) ? [[BOOTSTRAP, 'the bootstrap'] as const] : [];
  return repeated([...named, ...bootstrap]).map(([stack, from]) => {
    const row = { stack, resource: stack, type: 'stack', property: '' };
    const isGivenTwice = new Set(from).size === 1 && apps.filter(({ name }) => name === from[0]).length > 1;
    return isGivenTwice
      ? { ...row, note: `${String(from[0])} is given twice`, remedy: 'give it once' }
      : {
          ...row,
          note: `a stack of this name is in ${from.join(' and in ')}`,
          remedy: 'give one of them another name: stackName in a CDK app, the file’s own name for a template',
        };
  });
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-exports.html */
function exportRows(apps: readonly App[]): CheckRow[] {
  const exported = apps
    .flatMap(({ stacks }) => stacks)
    .flatMap(({ name: stack, template }) =>
      exportsOf(template).flatMap((name) =>
        // One that is put together at the deploy may be another name in each stack.
        typeof name === 'string' ? [[name, stack] as const] : [],
      ),
    );
  return repeated(exported).map(([name, stacks]) => ({
    stack: stacks.join(', '),
    resource: name,
    type: 'export',
    property: '',
    note: 'an export has its name alone in the region',
    remedy: 'give one of them another name',
  }));
}

export function givenTwice(apps: readonly App[]): CheckRow[] {
  const rows = stackRows(apps);
  return rows.length > 0 ? rows : exportRows(apps);
}
