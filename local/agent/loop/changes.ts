/** Whether anything changed that the next pass has to look at. */
export class Changes {
  #pending = true;

  get pending(): boolean {
    return this.#pending;
  }

  /** Asks for a pass. A function of its own, as most callers only know it as somebody to tell. */
  readonly note = (): void => {
    this.#pending = true;
  };

  /** A pass begins: what changes from now on is for the one after it. */
  take(): void {
    this.#pending = false;
  }
}
