/** A folder for one command's assemblies: two that deploy at once would take each other's away. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';

/** @param parent where it is made, and taken away when it is done; what a killed command leaves goes with the region */
export async function inOwnFolder<T>(parent: string, act: (folder: string) => Promise<T>): Promise<T> {
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(`${parent}/`);
  try {
    return await act(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
