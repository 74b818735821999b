/** Attributes of load balancers and target groups: a list of keys and values, which no schema judges. */
import { ownOf } from '../../aws-shapes/own.ts';
import { ATTRIBUTES, refuses, type Allowed } from './aws-sentences.ts';
import { listOf, membersOf, textIn } from './given.ts';
import { type Refusal } from './refusal.ts';
import { shown } from './schema-sentences.ts';

const KINDS = { LoadBalancerAttributes: 'Load balancer', TargetGroupAttributes: 'Target group' } as const;

const isWithin = (text: string, allowed: string | readonly number[]): boolean => {
  if (typeof allowed === 'string') return text.toLowerCase() === allowed;
  const [least = 0, most = 0] = allowed;
  return /^\d+$/.test(text) && Number(text) >= least && Number(text) <= most;
};

function valueRefusals(path: string, key: string, text: string, allowed: Allowed): Refusal[] {
  if (allowed === null || allowed.some((one) => isWithin(text, one))) return [];
  const listed = allowed.filter((one) => typeof one === 'string' && !/^\d/.test(one)).join(', ');
  const range = allowed.find((one) => typeof one !== 'string');
  const either = listed === '' ? 'attributeBetween' : 'attributeEither';
  const sentence = range === undefined ? 'attributeOneOf' : either;
  return [refuses(path, sentence, { key, value: shown(text), listed, range: range?.join('-') })];
}

export function attributeRefusals(list: keyof typeof KINDS, given: unknown): Refusal[] {
  const kind = KINDS[list];
  const keys = listOf(given).map((one) => textIn(membersOf(one)['Key']));
  return listOf(given).flatMap((one, index) => {
    const [key, value] = [keys[index], textIn(membersOf(one)['Value'])];
    if (key === undefined) return [];
    const [path, allowed] = [`${list}[${index}]`, ownOf(ATTRIBUTES[list], key)];
    if (allowed === undefined) return [refuses(`${path}.Key`, 'attributeKey', { kind, key: shown(key) })];
    return [
      ...(keys.indexOf(key) < index ? [refuses(`${path}.Key`, 'attributeTwice', { kind, key })] : []),
      ...(value === undefined ? [] : valueRefusals(`${path}.Value`, key, value, allowed)),
    ];
  });
}
