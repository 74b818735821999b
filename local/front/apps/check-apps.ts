/** Everything that is looked at before the deploy, over all apps. Pure, on what was read. */
import { checkTemplate, known, refusedByAws, type CheckRow } from '../../support/check.ts';
import { languageRows } from '../../support/template-language.ts';
import { warningsIn } from '../../support/warnings.ts';
import type { App, AppOptions, AppStack, Present } from './app.ts';
import { needs } from './needs.ts';
import { variablesOf } from './variables.ts';

function ofStack(stack: AppStack, options: AppOptions): CheckRow[] {
  const variables = variablesOf(stack, options);
  const template = known(stack.template, variables);
  const ours = checkTemplate(stack.name, template);
  const isSaid = ({ resource, property }: CheckRow) =>
    ours.some(
      (row) => row.resource === resource && row.remedy !== undefined && row.property.split(':')[0] === property,
    );
  return [
    ...languageRows(stack.name, stack.template, stack.written ?? stack.template, variables),
    // What AWS says is said first; what only this region does not do, once.
    ...refusedByAws(stack.name, template).filter((row) => row.property === '' || !isSaid(row)),
    ...ours,
    ...warningsIn(stack.name, stack.template),
  ];
}

export function checkApps(apps: readonly App[], options: AppOptions, present: Present): CheckRow[] {
  return [
    ...apps.flatMap(({ stacks }) => stacks.flatMap((stack) => ofStack(stack, options))),
    ...needs(apps, options, present),
  ];
}
