/** What is known of a stack before the deploy, and what that leaves of it. */
import { withoutFalse } from '../../support/conditions.ts';
import type { Variables } from '../../support/known-values.ts';
import { ACCOUNT, REGION } from '../region/paths.ts';
import type { App, AppOptions, AppStack } from './app.ts';

/** What the command line gives values for. */
export type Given = Pick<AppOptions, 'parameter' | 'ssm'>;

export function variablesOf({ name: stack, template }: AppStack, { parameter, ssm }: Given): Variables {
  const values = Object.entries(template.Parameters).flatMap(([name, { Type, Default }]): [string, string][] => {
    const own = parameter[name] ?? Default;
    const value = own !== undefined && Type.startsWith('AWS::SSM::') ? ssm[own] : own;
    return value === undefined ? [] : [[name, value]];
  });
  return {
    'AWS::AccountId': ACCOUNT,
    'AWS::Region': REGION,
    'AWS::URLSuffix': 'amazonaws.com',
    'AWS::Partition': 'aws',
    // A nested stack gets its parameters from its parent, when that is deployed.
    ...(stack.includes('/') ? {} : Object.fromEntries(values)),
  };
}

/** An app without what the conditions of its templates leave out. */
export function deployedOf(app: App, given: Given): App {
  const stacks: AppStack[] = [];
  // Parents come before their nested stacks, whose name is theirs and that of the resource.
  for (const stack of app.stacks) {
    const [, parent = '', resource = ''] = /^(.+)\/([^/]+)$/.exec(stack.name) ?? [];
    const isLeftOut =
      resource !== '' && stacks.find(({ name }) => name === parent)?.template.Resources[resource] === undefined;
    if (!isLeftOut) stacks.push({ ...stack, template: withoutFalse(stack.template, variablesOf(stack, given)) });
  }
  return { ...app, stacks };
}
