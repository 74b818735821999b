/** Files that somebody else reads while they change. */
import { rename, writeFile } from 'node:fs/promises';

/** By rename, so that nobody ever reads half of it. */
export async function moveInto(file: string, text: string, { mode }: { readonly mode?: number } = {}): Promise<void> {
  await writeFile(`${file}.next`, text, { mode });
  await rename(`${file}.next`, file);
}
