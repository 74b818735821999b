import { newApp, newStage } from '@highlands/connected-service';
import type { Variants } from '@highlands/connected-service/testing';
import { Duration } from 'aws-cdk-lib';
import { ServiceAStack, type ServiceAStackProps } from '../lib/service-a-stack.ts';

function variant(settings: Partial<ServiceAStackProps>): ServiceAStack {
  return new ServiceAStack(newApp(), 'HighlandsServiceA', { desiredCount: 2, ...settings });
}

export const variants = {
  tls: variant({
    // The account of AWS's examples.
    tls: {
      certificateAuthorityArn:
        'arn:aws:acm-pca:eu-west-1:111122223333:certificate-authority/11111111-2222-3333-4444-555555555555',
    },
  }),
  scaling: variant({ scaling: { maxTasks: 6, cpuPercent: 60 } }),
  'blue-green': variant({ blueGreen: { bakeTime: Duration.minutes(5) } }),
  observability: variant({ observability: {} }),
  spot: variant({ desiredCount: 4, spot: { percent: 50, onDemandBase: 2 } }),
  'execute-command': variant({ executeCommand: true }),
  protected: new ServiceAStack(newApp({ protected: true }), 'HighlandsServiceA', { desiredCount: 2 }),
  stage: new ServiceAStack(newStage(newApp(), 'dev'), 'HighlandsServiceA', { desiredCount: 1 }),
} satisfies Variants;
