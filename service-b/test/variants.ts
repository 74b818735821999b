import { newApp, newStage } from '@highlands/connected-service';
import type { Variants } from '@highlands/connected-service/testing';
import { Duration } from 'aws-cdk-lib';
import { ServiceBStack, type ServiceBStackProps } from '../lib/service-b-stack.ts';

export function variant(settings: Partial<ServiceBStackProps>): ServiceBStack {
  return new ServiceBStack(newApp(), 'HighlandsServiceB', { desiredCount: 2, ...settings });
}

export const variants = {
  tls: variant({
    // The account of AWS's examples.
    tls: {
      certificateAuthorityArn:
        'arn:aws:acm-pca:eu-west-1:111122223333:certificate-authority/11111111-2222-3333-4444-555555555555',
    },
  }),
  scaling: variant({ scaling: { maxTasks: 6, cpuPercent: 60 }, requestsPerTarget: 6000 }),
  'blue-green': variant({
    blueGreen: { bakeTime: Duration.minutes(5), testHeader: { name: 'x-highlands-test', value: 'green' } },
  }),
  observability: variant({ observability: { alarmTopicArn: 'arn:aws:sns:eu-west-1:111122223333:alarms' } }),
  'tracing-adot': variant({ tracing: { collector: 'adot', sampledPercent: 10 } }),
  'tracing-datadog': variant({
    tracing: {
      collector: 'datadog',
      apiKeySecretArn: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:datadog-api-key-AbCdEf',
      site: 'datadoghq.eu',
    },
  }),
  stage: new ServiceBStack(newStage(newApp(), 'dev'), 'HighlandsServiceB', { desiredCount: 1 }),
} satisfies Variants;
