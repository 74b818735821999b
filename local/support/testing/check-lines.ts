/** What the check says of a template before anything starts, for tests. */
import { NOTHING_YET, type App } from '../../apps/app.ts';
import { checkApps } from '../../apps/check-apps.ts';
import { parseTemplate } from '../../apps/read-template.ts';
import { deployedOf } from '../../apps/variables.ts';
import { Complaint } from '../../region/complaint.ts';
import { isRefused, type CheckRow } from '../check.ts';

/** @throws Complaint of a template that can't be read */
export function checkRows(text: string, parameter: Readonly<Record<string, string>> = {}): CheckRow[] {
  const options = { app: [], template: ['odd'], parameter, ssm: {}, image: { 'probe:1': 'probe.tar' } };
  const template = parseTemplate(text, 'odd');
  const stacks = [{ name: 'S', template, account: undefined, region: undefined }];
  const app: App = { name: 'odd', assembly: '', dockerAssets: [], stacks };
  return checkApps([deployedOf(app, options)], options, NOTHING_YET);
}

/** A line for each thing that is refused. */
export function refusedLines(text: string, parameter: Readonly<Record<string, string>> = {}): string[] {
  try {
    return checkRows(text, parameter)
      .filter(isRefused)
      .map(({ resource, property, note }) => `${resource} ${property}: ${note}`);
  } catch (error) {
    if (!(error instanceof Complaint)) throw error;
    return [`Complaint ${error.message}`];
  }
}
