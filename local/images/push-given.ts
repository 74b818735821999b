/** Puts images that were given as files into the local registry, under the names that task definitions call them by. */
import { CreateRepositoryCommand, DescribeRepositoriesCommand, ECRClient } from '@aws-sdk/client-ecr';
import { localRegistry } from './local-registry.ts';
import { clientSettings } from '../region/client-settings.ts';
import { digestOf, type Image } from './oci.ts';
import { localRepository, parseReference } from './reference.ts';
import { pushImage } from './registry-client.ts';

/** @throws Error when the reference has a digest, and the image another */
export async function pushGivenImage(
  reference: string,
  image: Image,
  { region, endpoint }: { readonly region: string; readonly endpoint: string },
): Promise<void> {
  const parsed = parseReference(reference);
  const digest = digestOf(image.manifest);
  if (parsed.version.startsWith('sha256:') && parsed.version !== digest)
    throw new Error(`image ${reference} was given as another one, ${digest}: name it by tag, or give the image itself`);
  const repository = localRepository(parsed);
  await ensureRepository(repository, { region, endpoint });
  await pushImage(localRegistry(endpoint), repository, image, parsed.version);
}

/** @returns its URI */
export async function ensureRepository(
  repositoryName: string,
  { region, endpoint }: { readonly region: string; readonly endpoint: string },
): Promise<string> {
  const ecr = new ECRClient(clientSettings(endpoint, region));
  const { repositories = [] } = await ecr.send(new DescribeRepositoriesCommand({}));
  const found =
    repositories.find((one) => one.repositoryName === repositoryName) ??
    (await ecr.send(new CreateRepositoryCommand({ repositoryName }))).repository;
  if (found?.repositoryUri === undefined) throw new Error(`the registry made no repository ${repositoryName}`);
  return found.repositoryUri;
}
