/** The images of apps that are in registries: looked up before anything starts, and pulled before what uses them is deployed. */
import type { ListrTask } from 'listr2';
import pMap from 'p-map';
import type { RegistryImages, Resolved } from '../images/pull/registry-images.ts';
import { referenceIn } from '../images/reference.ts';
import { Complaint } from '../region/complaint.ts';
import { oneLine } from '../region/one-line.ts';
import { collectorKind } from '../support/collector-images.ts';
import { namesInTitle } from '../terminal/titles.ts';
import type { App, AppOptions, Present } from './app.ts';
import { assetOf, givenName, imagesIn } from './images-in.ts';

/** A registry of the public may answer slowly, and lets only so many ask: ten images are looked up in a second or two. */
const AT_ONCE = 4;

/** The references that nobody gives, each once. */
export function referencesToPull(apps: readonly App[], options: AppOptions, present: Present): string[] {
  const references = apps.flatMap(({ stacks, dockerAssets }) =>
    stacks
      .flatMap((stack) => imagesIn(stack, options))
      .flatMap(({ reference }) =>
        reference === undefined ||
        referenceIn(reference) === undefined ||
        present.images.has(reference) ||
        givenName(reference, dockerAssets, options.image) !== undefined ||
        assetOf(reference, dockerAssets) !== undefined ||
        collectorKind(reference) !== undefined
          ? []
          : reference,
      ),
  );
  return [...new Set(references)];
}

export interface LookedUpImages {
  readonly resolved: readonly Resolved[];
  /** Why the others can't be had, by reference. */
  readonly notHad: ReadonlyMap<string, string>;
}

/** @param tell hears how far it is */
export async function lookUp(
  references: readonly string[],
  images: RegistryImages,
  tell: (line: string) => void,
): Promise<LookedUpImages> {
  const resolved: Resolved[] = [];
  const notHad = new Map<string, string>();
  await pMap(
    references,
    async (reference) => {
      try {
        resolved.push(await images.resolve(reference));
      } catch (error) {
        notHad.set(reference, oneLine(error));
      }
      tell(`${String(resolved.length + notHad.size)} of ${String(references.length)}`);
    },
    { concurrency: AT_ONCE },
  );
  return { resolved, notHad };
}

/** What is not as the registries have it now, a line for each. */
export const oldOnes = ({ resolved }: LookedUpImages): string[] =>
  resolved.flatMap(({ reference, asOf, away = '' }) =>
    asOf === undefined ? [] : `image ${reference} is as it was pulled at ${asOf.toISOString()}: ${away}`,
  );

const MEGABYTE = 1_000_000;
const megabytes = (bytes: number): string => (bytes / MEGABYTE).toFixed(bytes < 10 * MEGABYTE ? 1 : 0);

/** A step for each tenth of an image: where there is no terminal each is a line. */
function tenths(reference: string, tell: (line: string) => void): (bytes: number, of: number) => void {
  let told = 0;
  return (bytes, of) => {
    const tenth = Math.floor((10 * bytes) / Math.max(of, 1));
    if (tenth <= told) return;
    told = tenth;
    tell(`${reference}: ${megabytes(bytes)} of ${megabytes(of)} MB`);
  };
}

/** Nothing where there is nothing to pull. */
export function pullSteps(resolved: readonly Resolved[], images: () => Promise<RegistryImages>): ListrTask[] {
  if (resolved.length === 0) return [];
  return [
    {
      title: `pull images: ${namesInTitle(resolved.map(({ reference }) => reference))}`,
      task: async (_: unknown, task: { output: string }) => {
        const tell = (line: string): void => {
          task.output = line;
        };
        const registries = await images();
        // One after the other, each with its layers side by side.
        for (const one of resolved)
          await registries.pull(one, tenths(one.reference, tell)).catch((error: unknown) => {
            throw new Complaint(`image ${one.reference} can't be pulled: ${oneLine(error)}`);
          });
      },
    },
  ];
}
