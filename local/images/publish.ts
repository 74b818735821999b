/** Publishes a service's image: builds it, pushes it by digest, and writes the reference where the stack reads it. */
import { ECRClient, GetAuthorizationTokenCommand } from '@aws-sdk/client-ecr';
import { GetParameterCommand, ParameterNotFound, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { IMAGE_REFERENCE_PATTERN, serviceParameters, type ServiceName } from '@highlands/connected-service/names';
import { buildImage, ImageDefinition } from './build.ts';
import { readBinary } from './cargo.ts';
import { digestOf, machineArchitecture } from './oci.ts';
import { pushImage, type Registry } from './registry-client.ts';

export interface PublishInput {
  readonly service: ServiceName;
  readonly repositoryRoot: string;
  readonly region: string;
  /** The local region's endpoint; absent on AWS, where the SDK's own chain finds endpoint and credentials. */
  readonly endpoint: string | undefined;
}

/** @returns the reference by digest that the next deploy of the service rolls out */
export async function publishService({ service, repositoryRoot, region, endpoint }: PublishInput): Promise<string> {
  const settings =
    endpoint === undefined
      ? { region }
      : { region, endpoint, credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
  const ssm = new SSMClient(settings);
  const parameters = serviceParameters(service);
  const uri = await readParameter(ssm, parameters.repositoryUri);
  const definition = ImageDefinition.parse(
    JSON.parse(await readFile(join(repositoryRoot, 'docker/image.json'), 'utf8')),
  );
  const binary = await readBinary(join(repositoryRoot, 'services-rust'), service);
  const image = await buildImage({ service, binary, definition, architecture: machineArchitecture() });
  const registry: Registry =
    endpoint === undefined
      ? {
          url: `https://${uri.slice(0, uri.indexOf('/'))}`,
          authorization: await ecrAuthorization(new ECRClient(settings)),
        }
      : { url: endpoint, authorization: undefined };
  // The tag says what is in it: the first digits of the content's digest, which can't name two things.
  const tag = digestOf(image.manifest).slice('sha256:'.length, 'sha256:'.length + 12);
  const digest = await pushImage(registry, uri.slice(uri.indexOf('/') + 1), image, tag);
  const reference = `${uri}@${digest}`;
  await ssm.send(
    new PutParameterCommand({
      Name: parameters.image,
      Value: reference,
      Type: 'String',
      Overwrite: true,
      AllowedPattern: IMAGE_REFERENCE_PATTERN,
    }),
  );
  return reference;
}

async function readParameter(ssm: SSMClient, name: string): Promise<string> {
  try {
    const value = (await ssm.send(new GetParameterCommand({ Name: name }))).Parameter?.Value;
    if (value !== undefined) return value;
  } catch (error) {
    if (!(error instanceof ParameterNotFound)) throw error;
  }
  throw new Error(`SSM parameter ${name} does not exist: deploy base-infra first`);
}

/** https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry_auth.html: the token is `AWS:<password>`, for Basic. */
async function ecrAuthorization(ecr: ECRClient): Promise<string> {
  const [data] = (await ecr.send(new GetAuthorizationTokenCommand({}))).authorizationData ?? [];
  if (data?.authorizationToken === undefined) throw new Error('ECR gave no authorization token: check the credentials');
  return `Basic ${data.authorizationToken}`;
}
