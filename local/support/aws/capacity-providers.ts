/** What ECS refuses of a strategy: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CapacityProviderStrategyItem.html */
import { listOf, membersOf, numberIn, repeatedIn, textIn } from './given.ts';
import { says, type Refusal } from './refusal.ts';
import { shown } from './schema-sentences.ts';

const CODE = 'InvalidParameterException';
const OF_FARGATE = ['FARGATE', 'FARGATE_SPOT'];

export function strategyRefusals(path: string, strategy: unknown): Refusal[] {
  const items = listOf(strategy).map(membersOf);
  if (items.length === 0) return [];
  const names = items.flatMap(({ CapacityProvider }) => textIn(CapacityProvider) ?? []);
  const based = items.filter(({ Base }) => (numberIn(Base) ?? 0) > 0);
  const isWeighted = items.some(({ Weight }) => Weight !== undefined && numberIn(Weight) !== 0);
  return [
    ...names
      .filter((name) => !OF_FARGATE.includes(name))
      .map((name) => says(path, CODE, `The specified capacity provider '${shown(name)}' was not found.`)),
    ...repeatedIn(names).map((name) =>
      says(path, CODE, `the capacity provider ${shown(name)} is there more than once`),
    ),
    ...(based.length > 1
      ? [says(path, CODE, 'Only one capacity provider in a capacity provider strategy can have a base defined.')]
      : []),
    // The default of a weight is 0, but for the console's: with one provider nothing is to be weighed.
    ...(isWeighted || (items.length === 1 && items[0]?.['Weight'] === undefined) || based.length > 0
      ? []
      : [says(path, CODE, 'at least one capacity provider has a weight greater than 0')]),
  ];
}
