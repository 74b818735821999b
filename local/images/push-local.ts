/** Puts a binary of the Rust workspace as an image into the local registry, in a repository of its own. */
import { CreateRepositoryCommand, DescribeRepositoriesCommand, ECRClient } from '@aws-sdk/client-ecr';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildImage, ImageDefinition } from './build.ts';
import { readBinary } from './cargo.ts';
import { digestOf, machineArchitecture } from './oci.ts';
import { pushImage } from './registry-client.ts';

export interface PushInput {
  readonly binary: string;
  readonly repositoryRoot: string;
  readonly region: string;
  readonly endpoint: string;
}

/** @returns the reference by digest */
export async function pushLocalImage({ binary, repositoryRoot, region, endpoint }: PushInput): Promise<string> {
  const ecr = new ECRClient({ region, endpoint, credentials: { accessKeyId: 'local', secretAccessKey: 'local' } });
  const uri = await repositoryUri(ecr, binary);
  const definition = ImageDefinition.parse(
    JSON.parse(await readFile(join(repositoryRoot, 'docker/image.json'), 'utf8')),
  );
  const image = await buildImage({
    service: binary,
    binary: await readBinary(join(repositoryRoot, 'services-rust/target'), binary),
    definition,
    architecture: machineArchitecture(),
  });
  const registry = { url: endpoint, authorization: undefined };
  return `${uri}@${await pushImage(registry, binary, image, digestOf(image.manifest).slice(7, 19))}`;
}

async function repositoryUri(ecr: ECRClient, repositoryName: string): Promise<string> {
  const { repositories = [] } = await ecr.send(new DescribeRepositoriesCommand({}));
  const found =
    repositories.find((one) => one.repositoryName === repositoryName) ??
    (await ecr.send(new CreateRepositoryCommand({ repositoryName }))).repository;
  if (found?.repositoryUri === undefined) throw new Error(`the registry made no repository ${repositoryName}`);
  return found.repositoryUri;
}
