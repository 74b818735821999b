/** The images that CDK would let Docker build, taken out of a cloud assembly: what they need is done here. */
import { writeFileSync } from 'node:fs';
import { AssetManifestArtifact, type CloudAssembly } from '@aws-cdk/cloud-assembly-api';
import type { DockerImageAsset } from '@aws-cdk/cloud-assembly-schema';
import { ACCOUNT, REGION } from '../region/paths.ts';
import type { DockerAsset } from './app.ts';

/** https://github.com/aws/aws-cdk-cli/blob/main/packages/%40aws-cdk/cloud-assembly-api/lib/placeholders.ts */
const placed = (text: string): string =>
  text.replaceAll('${AWS::AccountId}', ACCOUNT).replaceAll('${AWS::Region}', REGION);

function assetOf(id: string, { displayName, source, destinations }: DockerImageAsset, base: string): DockerAsset {
  const [destination] = Object.values(destinations);
  const imageTag = destination?.imageTag ?? id;
  const repository = `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com/${placed(destination?.repositoryName ?? '')}`;
  return {
    hash: imageTag,
    displayName: displayName ?? id,
    directory: source.directory ?? source.executable?.join(' ') ?? '',
    reference: `${repository}:${imageTag}`,
    request: { ...source, base },
  };
}

/**
 * The assembly is this command's own. What stays in its manifests would be built by `docker` and pushed to AWS when it is
 * deployed, as that is where the names of ECR lead.
 */
export function takeDockerAssets(assembly: CloudAssembly): DockerAsset[] {
  const own = assembly.artifacts.flatMap((artifact) => {
    if (!AssetManifestArtifact.isAssetManifestArtifact(artifact)) return [];
    const { dockerImages = {}, ...others } = artifact.contents;
    const assets = Object.entries(dockerImages).map(([id, asset]) => assetOf(id, asset, assembly.directory));
    if (assets.length > 0) writeFileSync(artifact.file, JSON.stringify(others));
    return assets;
  });
  return [...own, ...assembly.nestedAssemblies.flatMap(({ nestedAssembly }) => takeDockerAssets(nestedAssembly))];
}
