import { Duration } from 'aws-cdk-lib';
import { ContainerImage, type ContainerDefinitionOptions, Secret } from 'aws-cdk-lib/aws-ecs';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { OTLP_HTTP_PORT } from './otlp.ts';
import type { DatadogTracing } from './tracing-options.ts';

/** https://github.com/DataDog/datadog-agent/releases */
const IMAGE = 'public.ecr.aws/datadog/agent:7.77.2';

/** https://docs.datadoghq.com/integrations/ecs_fargate/ */
export function datadogContainer(
  { site = 'datadoghq.com' }: DatadogTracing,
  apiKey: ISecret,
): ContainerDefinitionOptions {
  return {
    image: ContainerImage.fromRegistry(IMAGE),
    environment: {
      ECS_FARGATE: 'true',
      DD_SITE: site,
      DD_APM_ENABLED: 'true',
      // Off unless it is asked for; on loopback: nobody but the application of this task.
      // https://docs.datadoghq.com/opentelemetry/setup/otlp_ingest_in_the_agent/
      DD_OTLP_CONFIG_RECEIVER_PROTOCOLS_HTTP_ENDPOINT: `127.0.0.1:${OTLP_HTTP_PORT}`,
    },
    // The execution role may read it, and nothing else reads it.
    secrets: { DD_API_KEY: Secret.fromSecretsManager(apiKey) },
    // What Datadog asks for on Fargate.
    cpu: 128,
    memoryLimitMiB: 512,
    healthCheck: {
      command: ['CMD-SHELL', 'agent health'],
      interval: Duration.seconds(30),
      timeout: Duration.seconds(5),
      retries: 3,
      // It takes long to start, and that holds nobody back.
      startPeriod: Duration.seconds(60),
    },
  };
}
