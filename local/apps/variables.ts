/** What is known of a stack before the deploy, and what that leaves of it. */
import { withoutFalse } from '../support/conditions.ts';
import type { Variables } from '../support/known-values.ts';
import { ownOf } from '../aws-shapes/own.ts';
import { ACCOUNT, REGION } from '../region/paths.ts';
import type { App, AppOptions, AppStack } from './app.ts';
import { publicImage } from './public-parameters.ts';

/** What the command line gives values for. */
export type Given = Pick<AppOptions, 'parameter' | 'ssm'>;

/** What is shown in place of a value with NoEcho: https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_Parameter.html */
const HIDDEN = /^\*+$/;

export function variablesOf({ name: stack, template, before }: AppStack, { parameter, ssm }: Given): Variables {
  const values = Object.entries(template.Parameters).flatMap(([name, { Type, Default }]): [string, string][] => {
    const isSsm = Type.startsWith('AWS::SSM::');
    const kept = ownOf(before ?? {}, name);
    const given = ownOf(parameter, name);
    // Of a kept SSM parameter the name is not known, and its value may be another one now.
    if (given === undefined && kept !== undefined && (isSsm || HIDDEN.test(kept))) return [];
    const own = given ?? kept ?? Default;
    const value = own !== undefined && isSsm ? (ownOf(ssm, own) ?? publicImage(own)) : own;
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
    const { template: written } = stack;
    if (!isLeftOut) stacks.push({ ...stack, written, template: withoutFalse(written, variablesOf(stack, given)) });
  }
  return { ...app, stacks };
}

/** The values that a stack keeps from its last deploy although its template has another default, as AWS keeps them too. */
export function keptValues(apps: readonly App[], { parameter: given }: Given): string[] {
  return apps
    .flatMap(({ stacks }) => stacks)
    .flatMap(({ name: stack, template, before = {} }) =>
      Object.entries(template.Parameters)
        .filter(([name, { Type }]) => given[name] === undefined && !Type.startsWith('AWS::SSM::'))
        .flatMap(([name, { Default }]) => {
          const kept = before[name];
          return kept === undefined || Default === undefined || kept === Default
            ? []
            : [`${stack} keeps ${name}=${kept} of its last deploy; the template’s default is ${Default}`];
        }),
    );
}
