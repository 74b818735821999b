/** Files that somebody else reads while they change: by rename, so that nobody ever reads half of one. */
import writeFileAtomic from 'write-file-atomic';

export interface MoveOptions {
  /** Who may read it; as before, or as the process makes files, if not given. */
  readonly mode?: number;
}

/** What is written has to outlive who wrote it, and not the machine: a region ends with it. */
const NOT_THE_MACHINE = { fsync: false } as const;

/** What a full disk takes only a part of is taken away again. @throws the error of the file system */
export const moveInto = (file: string, text: string | Buffer, options: MoveOptions = {}): Promise<void> =>
  writeFileAtomic(file, text, { ...NOT_THE_MACHINE, ...options });

/** The same for what must be there before anything else goes on. */
export function moveIntoSync(file: string, text: string, options: MoveOptions = {}): void {
  writeFileAtomic.sync(file, text, { ...NOT_THE_MACHINE, ...options });
}
