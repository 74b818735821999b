/**
 * The registry that the tests pull from: HIGHLANDS_REGISTRY, what the PATH has, or Debian's package, unpacked into the state
 * folder. It is not installed there, as an installation starts a service. https://packages.debian.org/docker-registry
 */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { installed } from './places.mjs';

const NAMES = ['docker-registry', 'registry'];

/** Where set-up unpacks it. */
export const registryFolder = (state) => join(state, 'registry');

const may = (place) => {
  try {
    accessSync(place, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/** In the PATH alone, or where it was said to be. */
export function registryOfMachine({ HIGHLANDS_REGISTRY, PATH = '' } = process.env) {
  const places = PATH.split(delimiter).flatMap((directory) => NAMES.map((name) => join(directory, name)));
  return (HIGHLANDS_REGISTRY === undefined ? places : [HIGHLANDS_REGISTRY]).find(may);
}

export function findRegistry(environment = process.env) {
  return registryOfMachine(environment) ?? [join(registryFolder(installed), 'usr/bin/docker-registry')].find(may);
}

/** Where apt has no lists yet, with lists of its own: neither needs root. https://manpages.debian.org/apt-get.8 */
const OWN = '-o Dir::State::lists=$PWD/lists -o Dir::Cache=$PWD/cache';
const GET = 'download -q docker-registry';
export const UNPACK = [
  'mkdir -p lists/partial cache/archives/partial',
  `apt-get ${GET} || { apt-get ${OWN} update -q && apt-get ${OWN} ${GET}; }`,
  'dpkg-deb -x docker-registry_*.deb .',
  'rm -rf lists cache docker-registry_*.deb',
].join(' && ');
