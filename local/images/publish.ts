/** Publishes a service's image: builds it, pushes it by digest, and writes the reference where the stack reads it. */
import { ECRClient, GetAuthorizationTokenCommand } from '@aws-sdk/client-ecr';
import { GetParameterCommand, ParameterNotFound, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { IMAGE_REFERENCE_PATTERN, serviceParameters, type ServiceName } from '@highlands/connected-service/names';
import { localRegistry } from './local-registry.ts';
import { clientSettings } from '../region/client-settings.ts';
import { buildImage, ImageDefinition } from './build.ts';
import { readBinary } from './cargo.ts';
import { digestOf, indexOf, machineArchitecture, type Architecture, type Image } from './oci.ts';
import { pushImage, pushIndex, type Registry } from './registry-client.ts';

export interface PublishInput {
  readonly service: ServiceName;
  readonly repositoryRoot: string;
  readonly region: string;
  /** The local region's endpoint; absent on AWS, where the SDK's own chain finds endpoint and credentials. */
  readonly endpoint: string | undefined;
  /**
   * The stage whose repository and parameter are meant.
   * @default - the default stage
   */
  readonly stage?: string;
  /**
   * The processors that the image is for.
   * @default - this machine's
   */
  readonly architectures?: readonly Architecture[];
  /**
   * Cargo's target directory.
   * @default - that of the workspace
   */
  readonly target?: string;
}

/** @returns the reference by digest that the next deploy of the service rolls out */
export async function publishService(input: PublishInput): Promise<string> {
  const { service, region, endpoint, stage } = input;
  const settings = endpoint === undefined ? { region } : clientSettings(endpoint, region);
  const ssm = new SSMClient(settings);
  const { repositoryUri } = serviceParameters(service, stage);
  const uri = await readParameter(ssm, repositoryUri);
  if (uri === undefined) throw new Error(`SSM parameter ${repositoryUri} does not exist: deploy base-infra first`);
  const images = await buildImages(input);
  const registry: Registry =
    endpoint === undefined
      ? {
          url: `https://${uri.slice(0, uri.indexOf('/'))}`,
          authorization: await ecrAuthorization(new ECRClient(settings)),
        }
      : localRegistry(endpoint);
  const repository = uri.slice(uri.indexOf('/') + 1);
  const [only, ...others] = images;
  const digest =
    only !== undefined && others.length === 0
      ? await pushImage(registry, repository, only, tagOf(only.manifest))
      : await pushIndex(registry, repository, images, tagOf(indexOf(images)));
  const reference = `${uri}@${digest}`;
  await writeImageParameter(ssm, service, reference, stage);
  return reference;
}

/** The tag says what is in it: the first digits of the content's digest, which can't name two things. */
function tagOf(content: Buffer): string {
  return digestOf(content).slice('sha256:'.length, 'sha256:'.length + 12);
}

async function buildImages({ service, repositoryRoot, architectures, target }: PublishInput): Promise<Image[]> {
  const definition = ImageDefinition.parse(
    JSON.parse(await readFile(join(repositoryRoot, 'docker/image.json'), 'utf8')),
  );
  const binaries = target ?? join(repositoryRoot, 'services-rust/target');
  return Promise.all(
    (architectures ?? [machineArchitecture()]).map(async (architecture) => {
      const binary = await readBinary(binaries, service, architecture);
      return buildImage({ service, binary, definition, architecture });
    }),
  );
}

/** What the next deploy of a service runs. */
export async function writeImageParameter(
  ssm: SSMClient,
  service: ServiceName,
  reference: string,
  stage?: string,
): Promise<void> {
  await ssm.send(
    new PutParameterCommand({
      Name: serviceParameters(service, stage).image,
      Value: reference,
      Type: 'String',
      Overwrite: true,
      AllowedPattern: IMAGE_REFERENCE_PATTERN,
    }),
  );
}

export async function readParameter(ssm: SSMClient, name: string): Promise<string | undefined> {
  try {
    return (await ssm.send(new GetParameterCommand({ Name: name }))).Parameter?.Value;
  } catch (error) {
    if (error instanceof ParameterNotFound) return undefined;
    throw error;
  }
}

/** https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry_auth.html: the token is `AWS:<password>`, for Basic. */
async function ecrAuthorization(ecr: ECRClient): Promise<string> {
  const [data] = (await ecr.send(new GetAuthorizationTokenCommand({}))).authorizationData ?? [];
  if (data?.authorizationToken === undefined) throw new Error('ECR gave no authorization token: check the credentials');
  return `Basic ${data.authorizationToken}`;
}
