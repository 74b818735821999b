/** What ECS refuses of the order of containers: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDependency.html */
import { circleIn } from '../circle.ts';
import { isFalse, listOf, membersOf, namedElements, textIn, type Members } from './given.ts';
import { says, type Refusal } from './refusal.ts';

const CODE = 'ClientException';

/** The containers that one waits for, in either way. */
function waitedFor({ DependsOn, VolumesFrom }: Members): string[] {
  const names = [
    ...listOf(DependsOn).map((one) => membersOf(one)['ContainerName']),
    ...listOf(VolumesFrom).map((one) => membersOf(one)['SourceContainer']),
  ];
  return names.flatMap((name) => textIn(name) ?? []);
}

export function dependencyRefusals(definitions: unknown): Refusal[] {
  const all = namedElements('ContainerDefinitions', definitions);
  const byName = new Map(
    all.flatMap(([, one]) => {
      const name = textIn(one['Name']);
      return name === undefined ? [] : [[name, one] as const];
    }),
  );
  // A name that is known at the deploy may be any of them.
  const isComplete = byName.size === all.length && Array.isArray(definitions);
  const unknown = all.flatMap(([path, one]) =>
    waitedFor(one)
      .filter((name) => isComplete && !byName.has(name))
      .map((name) => says(path, CODE, `Cannot depend on container + '${name}' because it does not exist`)),
  );
  const conditions = all.flatMap(([path, { DependsOn }]) =>
    listOf(DependsOn).flatMap((one) => {
      const { ContainerName, Condition } = membersOf(one);
      const other = byName.get(textIn(ContainerName) ?? '');
      if (other === undefined) return [];
      const name = String(ContainerName);
      if (Condition === 'HEALTHY' && other['HealthCheck'] === undefined)
        return [
          says(
            `${path}.DependsOn`,
            CODE,
            `A dependency container with HEALTHY condition must have health check configured: ${name}`,
          ),
        ];
      const ends = Condition === 'COMPLETE' || Condition === 'SUCCESS';
      return ends &&
        (other['Essential'] === undefined || textIn(other['Essential'])?.toLowerCase() === 'true') &&
        !isFalse(other['Essential'])
        ? [
            says(
              `${path}.DependsOn`,
              CODE,
              `A dependency container with SUCCESS or COMPLETE condition cannot be an essential container: ${name}`,
            ),
          ]
        : [];
    }),
  );
  const circle = circleIn(new Map([...byName].map(([name, one]) => [name, waitedFor(one)])));
  return [
    ...unknown,
    ...conditions,
    ...(circle.length === 0
      ? []
      : [says('ContainerDefinitions', CODE, `containers depend on each other in a circle: ${circle.join(' → ')}`)]),
  ];
}
