/** Lines for a log that goes on without them when the disk is full. */

export class LogWriter {
  readonly #append: (text: string) => void;
  #lost = 0;

  /** @param append to the log. @throws when it can't */
  constructor(append: (text: string) => void) {
    this.#append = append;
  }

  /** Never throws; how many lines were lost is said when there is room again. */
  line(text: string): void {
    const note = this.#lost === 0 ? '' : `${String(this.#lost)} lines could not be written here: the disk was full\n`;
    try {
      this.#append(`${note}${text}\n`);
      this.#lost = 0;
    } catch {
      this.#lost += 1;
    }
  }
}
