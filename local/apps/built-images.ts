/** Builds what CDK would let Docker build: by docker, podman or buildah, and by ourselves where none is there. */
import type { ListrTask } from 'listr2';
import type { Tool } from '../images/docker/tool.ts';
import { Complaint } from '../region/complaint.ts';
import { oneLine } from '../region/one-line.ts';
import { namesInTitle } from '../terminal/titles.ts';
import type { App, AppOptions, DockerAsset, Present } from './app.ts';
import type { GivenImage } from './given-images.ts';
import { assetOf, givenName, imagesIn } from './images-in.ts';

/** Those that a container names; all of an app whose containers have an image that is known only at the deploy. */
export function assetsToBuild(apps: readonly App[], options: AppOptions, present: Present): DockerAsset[] {
  const wanted = apps.flatMap(({ stacks, dockerAssets }) => {
    const references = stacks.flatMap((stack) => imagesIn(stack, options)).map(({ reference }) => reference);
    return references.includes(undefined)
      ? dockerAssets
      : references.flatMap((reference = '') => assetOf(reference, dockerAssets) ?? []);
  });
  // Several stacks may have the same asset.
  return [...new Map(wanted.map((asset) => [asset.reference, asset])).values()].filter(
    (asset) => !present.images.has(asset.reference) && givenName(asset.reference, [asset], options.image) === undefined,
  );
}

export interface BuildPlan {
  /** By which `toBuild` is built. */
  readonly tool: Tool | undefined;
  readonly toBuild: readonly DockerAsset[];
  readonly built: readonly GivenImage[];
  /** Why the others can't be built, by reference. */
  readonly notHad: ReadonlyMap<string, string>;
}

const NOTHING_TO_BUILD: BuildPlan = { tool: undefined, toBuild: [], built: [], notHad: new Map() };

/** Without a tool it builds at once, as that takes no longer than to look whether it may. */
export async function planBuilds(assets: readonly DockerAsset[]): Promise<BuildPlan> {
  if (assets.length === 0) return NOTHING_TO_BUILD;
  const [{ findTool }, { buildPlain }] = await Promise.all([
    import('../images/docker/tool.ts'),
    import('../images/dockerfile/build-plain.ts'),
  ]);
  const tool = await findTool();
  if ('command' in tool) return { ...NOTHING_TO_BUILD, tool, toBuild: assets };
  const built: GivenImage[] = [];
  const notHad = new Map<string, string>();
  for (const { reference, request } of assets)
    try {
      built.push({ reference, image: await buildPlain(request) });
    } catch (error) {
      notHad.set(reference, `${tool.why}, and ${oneLine(error)}`);
    }
  return { ...NOTHING_TO_BUILD, built, notHad };
}

/** @param done takes each image */
export function buildSteps({ tool, toBuild }: BuildPlan, done: (image: GivenImage) => void): ListrTask[] {
  if (tool === undefined || toBuild.length === 0) return [];
  return [
    {
      title: `build images by ${tool.command}: ${namesInTitle(toBuild.map(({ displayName }) => displayName))}`,
      task: async (_: unknown, task: { output: string }) => {
        const { buildWithTool } = await import('../images/docker/build-with-tool.ts');
        // One after the other: they share the cache of the tool, and the machine.
        for (const { displayName, hash, reference, request } of toBuild) {
          const tell = (line: string): void => {
            task.output = line;
          };
          const image = await buildWithTool(tool, request, hash, tell).catch((error: unknown) => {
            throw new Complaint(`image ${displayName}: ${error instanceof Error ? error.message : String(error)}`);
          });
          done({ reference, image });
        }
      },
    },
  ];
}
