/** The options that open the region to what is outside of it, and what a later command changes of them. */
import { InvalidArgumentError, type Command } from 'commander';
import { egressOf, type Egress, type Outside } from '../region/outside.ts';

/** As commander gives them; what is not given stays as it is. */
export interface OutsideOptions {
  readonly egress?: Egress | undefined;
}

function egress(text: string): Egress {
  try {
    return egressOf(text);
  } catch (error) {
    throw new InvalidArgumentError(error instanceof Error ? error.message : String(error));
  }
}

export const withOutside = (command: Command): Command =>
  command.option(
    '--egress <what>',
    'what tasks reach outside of their VPC, where its route tables let them: none, host (the loopback of this machine), all, or a list such as host,api.example.com:443 (default: none)',
    egress,
  );

/** What holds from now on. */
export const outsideAfter = (before: Outside, { egress: opened }: OutsideOptions): Outside => ({
  ...before,
  ...(opened === undefined ? {} : { egress: opened }),
});
