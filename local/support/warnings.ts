/** What runs, and may not do what the app counts on, seen from several resources together. Pure, on what the template says. */
import { listOf, membersOf, textIn } from './aws/given.ts';
import type { CheckRow, Template } from './check.ts';
import { callIn } from './known-values.ts';

/** The resource and attribute of each `Fn::GetAtt` within, also of those in `Fn::Sub`. */
function attributesWithin(node: unknown): [resource: string, attribute: string][] {
  if (typeof node !== 'object' || node === null) return [];
  const [name, argument] = callIn(node);
  const [first] = listOf(argument);
  const cut = (text: string): [string, string] => [text.split('.')[0] ?? '', text.slice(text.indexOf('.') + 1)];
  if (name === 'Fn::GetAtt')
    return typeof argument === 'string' ? [cut(argument)] : [[textIn(first) ?? '', textIn(listOf(argument)[1]) ?? '']];
  const substituted = name === 'Fn::Sub' ? (textIn(argument) ?? textIn(first) ?? '') : '';
  return [
    ...[...substituted.matchAll(/\$\{([^!}.]+\.[^}]+)\}/g)].map(([, text = '']) => cut(text)),
    ...Object.values(node).flatMap(attributesWithin),
  ];
}

const TASK_DEFINITION = 'AWS::ECS::TaskDefinition';

/** `ecs execute-command` needs these on AWS, and nothing of them here. */
const OF_EXEC = /^ssmmessages:/;

function actionsOf(document: unknown): string[] {
  const { Statement } = membersOf(document);
  const statements = Array.isArray(Statement) ? Statement : [Statement];
  return statements.flatMap((one) => {
    const { Action, Effect } = membersOf(one);
    return Effect === 'Deny'
      ? []
      : (Array.isArray(Action) ? Action : [Action]).flatMap((action) => textIn(action) ?? []);
  });
}

const refersTo = (value: unknown, id: string): boolean => {
  const [name, argument] = callIn(value);
  return (
    (name === 'Ref' && argument === id) ||
    (name === 'Fn::GetAtt' && attributesWithin(value).some(([one]) => one === id))
  );
};

/** What a role of the template may do: its own policies, and those that name it. */
function grantsOf(id: string, { Resources }: Template): string[] {
  const { Policies, ManagedPolicyArns } = Resources[id]?.Properties ?? {};
  const own = listOf(Policies).flatMap((policy) => actionsOf(membersOf(policy)['PolicyDocument']));
  const others = Object.values(Resources).flatMap(({ Properties }) =>
    listOf(Properties['Roles']).some((role) => refersTo(role, id)) ? actionsOf(Properties['PolicyDocument']) : [],
  );
  return [...own, ...others, ...(listOf(ManagedPolicyArns).length > 0 ? ['a managed policy'] : [])].filter(
    (action) => !OF_EXEC.test(action),
  );
}

/** A task role that may do something, whose credentials the tasks do not get. */
function roles(stack: string, template: Template): CheckRow[] {
  return Object.entries(template.Resources).flatMap(([resource, { Type, Properties }]): CheckRow[] => {
    const role = Type === TASK_DEFINITION ? Properties['TaskRoleArn'] : undefined;
    if (role === undefined) return [];
    const [id] = Object.keys(template.Resources).filter((one) => refersTo(role, one));
    const actions = id === undefined ? ['what it may do'] : grantsOf(id, template);
    if (actions.length === 0) return [];
    const services = [...new Set(actions.map((action) => action.split(':')[0] ?? action))].join(', ');
    return [
      {
        ...{ stack, resource, type: Type, property: 'TaskRoleArn', isWarning: true },
        note: `tasks get no AWS credentials, and do not reach AWS’s APIs: the role is for ${services}`,
        remedy: 'let the app go on without them, with a variable of its own',
      },
    ];
  });
}

export const warningsIn = (stack: string, template: Template): CheckRow[] => [...roles(stack, template)];

/** Warnings of one kind are one line, with the names of all that have it. */
export function warningLines(rows: readonly CheckRow[]): string[][] {
  const lines = new Map<
    string,
    { readonly what: string; readonly note: string; readonly remedy: string; names: Set<string> }
  >();
  for (const { resource, type, property, note, remedy = '', isWarning } of rows) {
    if (isWarning !== true) continue;
    const what = `${type}${property === '' ? '' : ` ${property.replaceAll(/\[[^\]]*\]/g, '')}`}`;
    const line = lines.get(`${what} ${note}`) ?? { what, note, remedy, names: new Set() };
    line.names.add(resource);
    lines.set(`${what} ${note}`, line);
  }
  return [...lines.values()].map(({ what, note, remedy, names: all }) => {
    const [first = '', ...more] = all;
    return [`${what}\n${first}${more.length === 0 ? '' : ` and ${more.length} more`}`, `${note}:\n${remedy}`];
  });
}
