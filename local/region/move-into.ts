/** Files that somebody else reads while they change. */
import { rename, rm, writeFile } from 'node:fs/promises';

/** By rename, so that nobody ever reads half of it. What a full disk takes only a part of is taken away again. */
export async function moveInto(file: string, text: string, { mode }: { readonly mode?: number } = {}): Promise<void> {
  const next = `${file}.next`;
  try {
    await writeFile(next, text, { mode });
  } catch (error) {
    await rm(next, { force: true });
    throw error;
  }
  await rename(next, file);
}
