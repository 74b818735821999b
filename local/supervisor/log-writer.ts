/** Lines for a log that goes on without them when the disk is full. */

export class LogWriter {
  readonly #append: (text: string) => void;
  #lost = 0;

  /** @param append to the log. @throws when it can't */
  constructor(append: (text: string) => void) {
    this.#append = append;
  }

  /** It never throws. When there is room again, it writes how many lines were lost. */
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
