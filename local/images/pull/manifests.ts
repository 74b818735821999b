/** Manifests and indexes as registries have them. */
import { z } from 'zod';
import { ImageConfig, Index, machineArchitecture, Manifest } from '../oci.ts';
import { PullError } from './pull-error.ts';

/** https://github.com/distribution/distribution/blob/main/docs/content/spec/deprecated-schema-v1.md */
const OldForm = z.object({ schemaVersion: z.literal(1) });

/** Nothing where it is none. */
export function jsonIn(content: Buffer): unknown {
  try {
    return JSON.parse(content.toString());
  } catch {
    return undefined;
  }
}

/** @throws PullError when it is neither */
export function manifestIn(content: Buffer): Manifest | Index {
  const raw = jsonIn(content);
  if (OldForm.safeParse(raw).success)
    throw new PullError('its manifest has the form of before 2016 (schema 1): push it again with a Docker of today');
  const parsed = Index.or(Manifest).safeParse(raw);
  if (parsed.success) return parsed.data;
  throw new PullError('it has a manifest that is none: push it again');
}

/** The one for this machine's processor. @throws PullError that says which there are */
export function fitting({ manifests }: Index): Index['manifests'][number] {
  const architecture = machineArchitecture();
  const found = manifests.find(({ platform }) => platform?.os === 'linux' && platform.architecture === architecture);
  if (found !== undefined) return found;
  const others = manifests.flatMap(({ platform }) =>
    // What Docker adds about how it was built is for no platform.
    platform === undefined || platform.os === 'unknown' ? [] : `${platform.os}/${platform.architecture}`,
  );
  throw new PullError(`it has nothing for linux/${architecture}, only ${[...new Set(others)].join(', ') || 'nothing'}`);
}

/** An image for one processor alone says which in its configuration. @throws PullError for another */
export function requireFit(config: Buffer): void {
  const parsed = ImageConfig.safeParse(jsonIn(config));
  if (!parsed.success) throw new PullError('what is there is no image of containers');
  const { architecture, os } = parsed.data;
  if (os !== 'linux' || architecture !== machineArchitecture())
    throw new PullError(`it is for ${os}/${architecture} alone, and this machine is linux/${machineArchitecture()}`);
}
