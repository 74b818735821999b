/** Where the value of a container's secret comes from: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html */

export type SecretReference =
  /** A name or an ARN. */
  | { readonly kind: 'parameter'; readonly name: string }
  | {
      readonly kind: 'secret';
      /** ARN, with or without the six random characters at its end. */
      readonly secretId: string;
      /** Absent: the whole secret. */
      readonly jsonKey: string | undefined;
      readonly versionStage: string | undefined;
      readonly versionId: string | undefined;
    };

/** `arn:aws:secretsmanager:<region>:<account>:secret:<name>` is the ARN; what follows is ours. */
const SECRET_ARN_PARTS = 7;

/**
 * @param valueFrom a secret's ARN, which `:json-key:version-stage:version-id` may follow, or the name or ARN of a parameter
 * @throws Error that names the value and the form it should have
 */
export function secretReference(valueFrom: string): SecretReference {
  if (!valueFrom.startsWith('arn:')) return { kind: 'parameter', name: valueFrom };
  const parts = valueFrom.split(':');
  const [, , service, , , resource = ''] = parts;
  // GetParameter takes an ARN for a name; which names begin with a slash can't be read off it.
  if (service === 'ssm' && resource.startsWith('parameter/')) return { kind: 'parameter', name: valueFrom };
  if (service !== 'secretsmanager' || parts.length < SECRET_ARN_PARTS || parts.length > SECRET_ARN_PARTS + 3)
    throw new Error(
      `"${valueFrom}" is neither a secret nor a parameter: give arn:aws:secretsmanager:<region>:<account>:secret:<name>[:<json key>:<version stage>:<version id>], or the name or ARN of a parameter`,
    );
  const [jsonKey, versionStage, versionId] = parts
    .slice(SECRET_ARN_PARTS)
    .map((part) => (part === '' ? undefined : part));
  return { kind: 'secret', secretId: parts.slice(0, SECRET_ARN_PARTS).join(':'), jsonKey, versionStage, versionId };
}

/** The value of a key of a secret that is a JSON object. @throws Error in the words of ECS */
export function jsonValue(secret: string, jsonKey: string): string {
  let parsed: unknown;
  try {
    parsed = JSON.parse(secret);
  } catch {
    throw new Error('failed to parse secret as JSON: give the whole secret, without a JSON key, or make it an object');
  }
  const found: unknown =
    typeof parsed === 'object' && parsed !== null
      ? Object.entries(parsed).find(([key]) => key === jsonKey)?.[1]
      : undefined;
  if (found === undefined) throw new Error(`retrieved secret from Secrets Manager did not contain json key ${jsonKey}`);
  return typeof found === 'string' ? found : JSON.stringify(found);
}
