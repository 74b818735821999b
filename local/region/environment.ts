/** The variables with which cdk, aws and the SDKs talk to the local region and to nothing else. */
import { join } from 'node:path';
import { REGION, STATE } from './paths.ts';
import type { Region } from './region-file.ts';

/** A user's own settings that would lead elsewhere. */
export const UNSET = [
  'AWS_PROFILE',
  'AWS_SESSION_TOKEN',
  'AWS_DEFAULT_PROFILE',
  'AWS_ROLE_ARN',
  'AWS_WEB_IDENTITY_TOKEN_FILE',
];

export function regionVariables({
  endpoint,
  credentials,
}: Pick<Region, 'endpoint' | 'credentials'>): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: REGION,
    AWS_DEFAULT_REGION: REGION,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_PAGER: '',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    // The CLI keeps account ids by access key; this keeps the region's out of the user's own.
    CDK_HOME: join(STATE, 'cdk'),
    CDK_DISABLE_CLI_TELEMETRY: 'true',
    // CloudFormation's own validation costs about two seconds a synth; the tests and `cdk synth` do it.
    CDK_VALIDATION: 'false',
  };
}

export function useRegion(region: Pick<Region, 'endpoint' | 'credentials'>): void {
  for (const name of UNSET) Reflect.deleteProperty(process.env, name);
  Object.assign(process.env, regionVariables(region));
}
