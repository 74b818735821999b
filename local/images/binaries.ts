/** The binaries of a Cargo workspace: https://doc.rust-lang.org/cargo/commands/cargo-metadata.html */
import { z } from 'zod';

/** What cargo is asked. */
export const METADATA = ['metadata', '--no-deps', '--offline', '--format-version', '1'];

const Metadata = z.object({
  packages: z.array(
    z.object({ name: z.string(), targets: z.array(z.object({ name: z.string(), kind: z.array(z.string()) })) }),
  ),
});

/** The crates that make a binary of their name. */
export function binariesIn(metadata: string): string[] {
  return Metadata.parse(JSON.parse(metadata))
    .packages.filter(({ name, targets }) => targets.some((one) => one.name === name && one.kind.includes('bin')))
    .map(({ name }) => name)
    .sort();
}
