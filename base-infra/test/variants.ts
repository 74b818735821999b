import { newApp, newStage } from '@highlands/connected-service';
import type { Variants } from '@highlands/connected-service/testing';
import { BaseInfraStack, type BaseInfraStackProps } from '../lib/base-infra-stack.ts';

export function variant(settings: Partial<BaseInfraStackProps>, app = newApp()): BaseInfraStack {
  return new BaseInfraStack(app, 'HighlandsBaseInfra', { natGateways: 1, ...settings });
}

// The account of AWS's examples.
export const ACCOUNT = 'eu-west-1:111122223333';
const ID = '11111111-2222-3333-4444-555555555555';

export const variants = {
  stage: new BaseInfraStack(newStage(newApp(), 'dev'), 'HighlandsBaseInfra', { natGateways: 1 }),
  https: variant({
    https: { certificateArn: `arn:aws:acm:${ACCOUNT}:certificate/${ID}`, domainName: 'app.example.com' },
  }),
  'no-nat': variant({ natGateways: 0 }),
  'access-logs': variant({ accessLogs: {} }),
  'web-acl': variant({ webAclArn: `arn:aws:wafv2:${ACCOUNT}:regional/webacl/highlands/${ID}` }),
  protected: variant({}, newApp({ protected: true })),
} satisfies Variants;
