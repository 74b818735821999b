/** What ECS, or the kernel, refuses of a container's variables: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html */
import { listOf, membersOf, repeatedIn, textIn, type Members } from './given.ts';
import { says, type Refusal } from './refusal.ts';
import { shown } from './schema-sentences.ts';

const CODE = 'ClientException';

export function environmentRefusals(path: string, { Environment, Secrets }: Members): Refusal[] {
  const variables = (['Environment', 'Secrets'] as const).flatMap((list) =>
    listOf({ Environment, Secrets }[list]).map((one, index) => [`${path}.${list}[${index}]`, membersOf(one)] as const),
  );
  const odd = variables.flatMap(([at, { Name, Value }]) => {
    const name = textIn(Name);
    const found: Refusal[] = [];
    if (name === '') found.push(says(`${at}.Name`, CODE, 'the name of an environment variable is empty'));
    if (name !== undefined && /[=\0]/.test(name))
      found.push(says(`${at}.Name`, CODE, `the name ${shown(name)} has = or a NUL, which no environment takes`));
    if (textIn(Value)?.includes('\0') === true)
      found.push(says(`${at}.Value`, CODE, 'the value has a NUL, which no environment takes'));
    return found;
  });
  const names = (list: unknown) => [...new Set(listOf(list).flatMap((one) => textIn(membersOf(one)['Name']) ?? []))];
  const secrets = listOf(Secrets).flatMap((one) => textIn(membersOf(one)['Name']) ?? []);
  const shared = [...new Set([...repeatedIn(secrets), ...repeatedIn([...names(Environment), ...names(Secrets)])])];
  return [
    ...odd,
    ...shared.map((name) =>
      says(
        `${path}.Secrets`,
        CODE,
        `The secret name must be unique and not shared with any new or existing environment variables set on the container, such as '${name}'.`,
      ),
    ),
  ];
}
