/** Which images the task definitions of an app name, as far as that is known before the deploy. */
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { referenceIn } from '../images/reference.ts';
import { textOf, type Variables } from '../support/known-values.ts';
import type { AppStack, DockerAsset } from './app.ts';
import { variablesOf, type Given } from './variables.ts';

export interface ImageUse {
  readonly stack: string;
  readonly resource: string;
  readonly container: string;
  /** Absent when it is known only at the deploy. */
  readonly reference: string | undefined;
}

/** A container that is none, or a function, has neither. */
const Container = z.looseObject({ Name: z.unknown(), Image: z.unknown() }).partial().catch({});

export function imagesIn(stack: AppStack, given: Given): ImageUse[] {
  const { name, template } = stack;
  const variables = variablesOf(stack, given);
  return Object.entries(template.Resources).flatMap(([resource, { Type, Properties }]) => {
    const containers: unknown = Properties['ContainerDefinitions'];
    if (Type !== 'AWS::ECS::TaskDefinition' || !Array.isArray(containers)) return [];
    return containers.map((container, index) => {
      const { Name, Image } = Container.parse(container);
      return {
        stack: name,
        resource,
        container: textOf(Name, variables) ?? String(index),
        reference: textOf(Image, variables),
      };
    });
  });
}

/** The asset that CDK pushes under a reference. */
export const assetOf = (reference: string, assets: readonly DockerAsset[]): DockerAsset | undefined =>
  assets.find(({ hash }) => reference.endsWith(`:${hash}`));

/** Under which name an image is given: its reference, or the asset that it comes from. */
export function givenName(reference: string, assets: readonly DockerAsset[], files: Variables): string | undefined {
  const wanted = referenceIn(reference);
  const asset = assetOf(reference, assets);
  const names = asset === undefined ? [] : [asset.displayName, asset.hash];
  // The name of an asset is no reference.
  return Object.keys(files).find(
    (name) => names.includes(name) || (wanted !== undefined && isDeepStrictEqual(referenceIn(name), wanted)),
  );
}
