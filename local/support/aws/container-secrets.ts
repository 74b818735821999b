/** Where the secrets of a container come from: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Secret.html */
import { secretReference } from '../../aws-shapes/secret-reference.ts';
import { listOf, membersOf, textIn } from './given.ts';
import { says, type Refusal } from './refusal.ts';

const CODE = 'ClientException';
/** https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html */
const PARAMETER = /^[a-zA-Z0-9_.\-/]{1,2048}$/;

function oddReference(name: string, valueFrom: string): string | undefined {
  if (!valueFrom.startsWith('arn:') && !PARAMETER.test(valueFrom))
    return `The Systems Manager parameter name specified for secret ${name} is invalid. The parameter name can be up to 2048 characters and include the following letters and symbols: a-zA-Z0-9_.-,`;
  try {
    secretReference(valueFrom);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

export function secretRefusals(path: string, secrets: unknown): Refusal[] {
  return listOf(secrets).flatMap((one, index) => {
    const { Name, ValueFrom } = membersOf(one);
    const valueFrom = textIn(ValueFrom);
    const sentence = valueFrom === undefined ? undefined : oddReference(textIn(Name) ?? '', valueFrom);
    return sentence === undefined ? [] : [says(`${path}.Secrets[${index}].ValueFrom`, CODE, sentence)];
  });
}
