/** Everything that is looked at before the deploy, over all apps. Pure, on what was read. */
import { missingIds } from '../support/aws/wanted.ts';
import { checkTemplate, known, refusedByAws, type CheckRow, type Template } from '../support/check.ts';
import { languageRows } from '../support/template-language.ts';
import { CLOSED, isOpen } from '../region/outside.ts';
import { NO_WAY_OUT } from '../support/way-out.ts';
import type { App, AppOptions, AppStack, Present } from './app.ts';
import { needs } from './needs.ts';
import { variablesOf } from './variables.ts';

/** @param present ids of what a running region has; one that is not started has none */
function networkRows(stack: string, template: Template, present: ReadonlySet<string>): CheckRow[] {
  return Object.entries(template.Resources).flatMap(([resource, { Type: type, Properties }]) =>
    missingIds(type, Properties, present).map(({ path, note }) => ({
      ...{ stack, resource, type, property: path, note },
      remedy: 'name one that is there: a resource of a stack, or an export',
    })),
  );
}

function ofStack(stack: AppStack, options: AppOptions, present: Present): CheckRow[] {
  const variables = variablesOf(stack, options);
  const template = known(stack.template, variables);
  const ours = checkTemplate(stack.name, template);
  const isSaid = ({ resource, property }: CheckRow) =>
    ours.some(
      (row) => row.resource === resource && row.remedy !== undefined && row.property.split(':')[0] === property,
    );
  return [
    ...languageRows(stack.name, stack.template, stack.written ?? stack.template, variables),
    // AWS's refusals come first; each limit of this region is listed once.
    ...refusedByAws(stack.name, template).filter((row) => row.property === '' || !isSaid(row)),
    ...ours,
    ...networkRows(stack.name, template, present.networks ?? new Set()),
  ];
}

export function checkApps(apps: readonly App[], options: AppOptions, present: Present): CheckRow[] {
  const isSaid = ({ note }: CheckRow): boolean =>
    note !== NO_WAY_OUT.warned || !isOpen(options.outside?.egress ?? CLOSED);
  return [
    ...apps.flatMap(({ stacks }) => stacks.flatMap((stack) => ofStack(stack, options, present).filter(isSaid))),
    ...needs(apps, options, present),
  ];
}
