/** What AWS says to a value that it does not take. */
export interface Refusal {
  /** Such as `ContainerDefinitions[app].Image`; empty when the whole resource is meant. */
  readonly path: string;
  /** AWS's own code and sentence, where it has them. */
  readonly note: string;
}

/** @param code of the API that CloudFormation calls */
export const says = (path: string, code: string, sentence: string): Refusal => ({
  path,
  note: `${code}: ${sentence}`,
});
