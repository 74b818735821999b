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

export function regionVariables({ endpoint }: Pick<Region, 'endpoint'>): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: REGION,
    AWS_DEFAULT_REGION: REGION,
    // Any will do; real ones must not be used.
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_PAGER: '',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    // The CLI keeps account ids by access key; this keeps `local` out of the user's own.
    CDK_HOME: join(STATE, 'cdk'),
    CDK_DISABLE_CLI_TELEMETRY: 'true',
    // CloudFormation's own validation costs about two seconds a synth; the tests and `cdk synth` do it.
    CDK_VALIDATION: 'false',
  };
}

export function useRegion(region: Pick<Region, 'endpoint'>): void {
  for (const name of UNSET) Reflect.deleteProperty(process.env, name);
  Object.assign(process.env, regionVariables(region));
}
