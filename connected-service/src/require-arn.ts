import { Token } from 'aws-cdk-lib';

/**
 * Refuses the ARN of something else, in one line with the remedy; a value that only the deploy knows passes.
 * @param setting the setting that holds it
 * @param form what is wanted, as `arn:aws:sns:<region>:<account>:<topic>`; partitions other than `aws` pass as well
 */
export function requireArn(setting: string, arn: string, form: string): void {
  const pattern = form.replace('arn:aws:', 'arn:aws[a-z-]*:').replaceAll(/<\w+>/g, '[^:/]+');
  if (Token.isUnresolved(arn) || new RegExp(`^${pattern}$`).test(arn)) return;
  throw new Error(`${setting} is "${arn}": give ${form}`);
}
