/** Fetches the values of a container's secrets, as the ECS agent does before it starts the container. */
import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';
import type { ContainerDefinition } from '../core/task-definition.ts';
import { jsonValue, secretReference } from '../../aws-shapes/secret-reference.ts';
import { oneLine } from '../../region/one-line.ts';

export interface SecretClients {
  readonly secretsManager: SecretsManagerClient;
  readonly ssm: SSMClient;
}

async function valueOf(valueFrom: string, { secretsManager, ssm }: SecretClients): Promise<string> {
  const reference = secretReference(valueFrom);
  if (reference.kind === 'parameter') {
    const { Parameter } = await ssm.send(new GetParameterCommand({ Name: reference.name, WithDecryption: true }));
    if (Parameter?.Value === undefined) throw new Error(`parameter ${reference.name} has no value`);
    return Parameter.Value;
  }
  const { SecretString } = await secretsManager.send(
    new GetSecretValueCommand({
      SecretId: reference.secretId,
      VersionStage: reference.versionStage,
      VersionId: reference.versionId,
    }),
  );
  if (SecretString === undefined) throw new Error('it is binary: ECS takes secrets that are text');
  return reference.jsonKey === undefined ? SecretString : jsonValue(SecretString, reference.jsonKey);
}

/**
 * Environment variables from secrets.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/resource-initialization-error.html
 * @throws Error with ECS's reason for a task that can't start
 */
export async function secretValues(
  { secrets }: ContainerDefinition,
  clients: SecretClients,
): Promise<Record<string, string>> {
  const values = await Promise.all(
    Object.entries(secrets).map(async ([name, valueFrom]) => {
      try {
        return [name, await valueOf(valueFrom, clients)] as const;
      } catch (error) {
        throw new Error(
          `ResourceInitializationError: unable to pull secrets or registry auth: unable to retrieve secret ${name} from ${valueFrom}: ${oneLine(error)}`,
        );
      }
    }),
  );
  return Object.fromEntries(values);
}
