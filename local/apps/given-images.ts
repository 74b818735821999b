/** The images that the command line gives as files. */
import { readImage } from '../images/archive.ts';
import type { Image } from '../images/oci.ts';
import { parseReference } from '../images/reference.ts';
import type { App, AppOptions } from './app.ts';
import { fromUser } from './assemble.ts';
import { givenName, imagesIn } from './images-in.ts';

export interface GivenImage {
  /** As a task definition calls it. */
  readonly reference: string;
  readonly image: Image;
}

/** The file of each reference that is known, and of those that a task definition may have when it is deployed. */
export function givenFiles(apps: readonly App[], options: AppOptions): Map<string, string> {
  const files = new Map<string, string>();
  const used = new Set<string>();
  for (const { stacks, dockerAssets } of apps) {
    for (const { reference } of stacks.flatMap((stack) => imagesIn(stack, options))) {
      const name = reference === undefined ? undefined : givenName(reference, dockerAssets, options.image);
      if (reference === undefined || name === undefined) continue;
      used.add(name);
      files.set(reference, options.image[name] ?? '');
    }
  }
  for (const [name, file] of Object.entries(options.image)) {
    if (used.has(name)) continue;
    // The name of an asset that these apps do not have is not a reference, and the message says so.
    parseReference(name);
    files.set(name, file);
  }
  return files;
}

/** Reads every file once. @throws Error that names a file which is no image */
export async function givenImages(apps: readonly App[], options: AppOptions): Promise<GivenImage[]> {
  const read = new Map<string, Promise<Image>>();
  return Promise.all(
    [...givenFiles(apps, options)].map(async ([reference, file]) => {
      const image = read.get(file) ?? readImage(fromUser(file));
      read.set(file, image);
      return { reference, image: await image };
    }),
  );
}
