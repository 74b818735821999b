import { newApp, newStage } from '@highlands/connected-service';
import type { Variants } from '@highlands/connected-service/testing';
import { BaseInfraStack } from '../lib/base-infra-stack.ts';

export const variants = {
  stage: new BaseInfraStack(newStage(newApp(), 'dev'), 'HighlandsBaseInfra', { natGateways: 1 }),
} satisfies Variants;
