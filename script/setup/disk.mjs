/** How much disk the parts take that are made on a machine, in MB; each is a folder that is not there at first. */
import { existsSync, statfsSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

const MB = 1_000_000;

/** Measured on Debian 12, x86_64, with `du`, and a tenth more: packages grow. The README has their sums. */
export function parts({ root, state, env = process.env }) {
  const cargoHome = env.CARGO_HOME ?? join(homedir(), '.cargo');
  return [
    { of: 'region', place: join(root, 'node_modules'), mb: 700 },
    { of: 'region', place: join(state, 'venv'), mb: 450 },
    // Images, the control plane's state, logs.
    { of: 'region', place: join(state, 'images'), mb: 100 },
    { of: 'services', place: join(root, 'services-rust/target/release'), mb: 400 },
    { of: 'services', place: join(cargoHome, 'registry'), mb: 200 },
    { of: 'tests', place: join(state, 'scan'), mb: 500 },
    { of: 'tests', place: join(state, 'nodes'), mb: 420 },
    { of: 'tests', place: join(root, 'services-rust/target/debug'), mb: 1500 },
  ];
}

/** The nearest folder that exists: what is to be made will lie on its file system. */
function existing(place) {
  return existsSync(place) ? place : existing(dirname(place));
}

const onDisk = {
  exists: existsSync,
  look(place) {
    const folder = existing(place);
    const { bavail, bsize } = statfsSync(folder);
    return { fileSystem: statSync(folder).dev, folder, freeMb: Math.floor((bavail * bsize) / MB) };
  },
};

/** @returns for each file system that something is to be made on: one folder of it, what is free there and what is needed */
export function diskSpace(wanted, all, { exists, look } = onDisk) {
  const found = new Map();
  for (const { of, place, mb } of all) {
    if (!wanted.includes(of) || exists(place)) continue;
    const { fileSystem, folder, freeMb } = look(place);
    const before = found.get(fileSystem) ?? { folder, freeMb, neededMb: 0 };
    found.set(fileSystem, { ...before, neededMb: before.neededMb + mb });
  }
  return [...found.values()];
}
