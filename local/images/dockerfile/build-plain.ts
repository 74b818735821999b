/**
 * Builds an image from a Dockerfile whose wanted stage runs nothing: FROM scratch, COPY, ADD of local files, and what sets
 * something. Whatever else there is needs a program that builds images.
 */
import { existsSync, lstatSync, readFileSync, readlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { imageOf } from '../build.ts';
import type { BuildRequest } from '../docker/request.ts';
import { machineArchitecture, type Image } from '../oci.ts';
import { contextFiles } from './context.ts';
import { PlainBuild } from './plain-build.ts';
import { configOf } from './settings.ts';
import { dockerfileIn } from './stages.ts';
import { tarLayer } from './tar-layer.ts';
import { Tree } from './tree.ts';

/** A folder as it is, or as .dockerignore leaves it for a Dockerfile. Everything is root's, as COPY makes it. */
export function contextOf(directory?: string, dockerFile?: string): Tree {
  const tree = new Tree();
  if (directory === undefined) return tree;
  for (const [path, entry] of contextFiles(directory, dockerFile)) {
    const from = join(directory, path);
    const common = { uid: 0, gid: 0, mode: lstatSync(from).mode & 0o7777 };
    if (entry.isDirectory()) tree.put(path, { ...common, kind: 'directory' });
    else if (entry.isSymbolicLink()) tree.put(path, { ...common, kind: 'link', to: readlinkSync(from) });
    else if (entry.isFile()) tree.put(path, { ...common, kind: 'file', from });
  }
  return tree;
}

/** @throws Error with one line that says which part needs Docker, or which file is missing */
export async function buildPlain(request: BuildRequest): Promise<Image> {
  if (request.directory === undefined) throw new Error('a program of the app makes it');
  const directory = resolve(request.base, request.directory);
  const name = request.dockerFile ?? 'Dockerfile';
  const file = resolve(directory, name);
  if (!existsSync(file)) throw new Error(`${file} does not exist`);
  const parsed = dockerfileIn(readFileSync(file, 'utf8'));
  const { tree, settings } = new PlainBuild(parsed, request, contextOf(directory, name)).wanted();
  return imageOf({
    architecture: machineArchitecture(),
    layers: tree.entries.size === 0 ? [] : [await tarLayer(tree)],
    config: configOf(settings),
    history: `FROM scratch (${name})`,
  });
}
