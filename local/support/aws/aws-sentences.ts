/** What AWS says where it refuses, and the values that it knows: one table, which the control plane reads too (`aws_sentences.py`). */
import TABLE from '../../control-plane/aws-sentences.json' with { type: 'json' };
import { says, type Refusal } from './refusal.ts';

type Sentence = keyof typeof TABLE.sentences;
/** Texts, and ranges of numbers; null where any value will do. */
export type Allowed = readonly (string | readonly number[])[] | null;

export const ATTRIBUTES: Readonly<Record<'LoadBalancerAttributes' | 'TargetGroupAttributes', Record<string, Allowed>>> =
  TABLE.attributes;
export const SSL_POLICIES: readonly string[] = TABLE.sslPolicies;
export const CONDITIONS: Readonly<Record<string, { config: string; longest: number; signs: string }>> =
  TABLE.conditions;

/** @param values what stands in the sentence in the place of their names */
export function refuses(path: string, sentence: Sentence, values: Readonly<Record<string, unknown>> = {}): Refusal {
  const [code = '', text = ''] = TABLE.sentences[sentence];
  return says(
    path,
    code,
    text.replace(/<(\w+)>/g, (_, name: string) => String(values[name])),
  );
}
