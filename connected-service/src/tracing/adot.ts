import { Duration } from 'aws-cdk-lib';
import { ContainerImage, type ContainerDefinitionOptions } from 'aws-cdk-lib/aws-ecs';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { OTLP_HTTP_PORT } from './otlp.ts';

/** https://github.com/aws-observability/aws-otel-collector/releases */
const IMAGE = 'public.ecr.aws/aws-observability/aws-otel-collector:v0.48.0';

/** From the application's spans to X-Ray. https://aws-otel.github.io/docs/components/x-ray-exporter */
const CONFIGURATION = {
  extensions: { health_check: {} },
  // On loopback: nobody but the application of this task.
  receivers: { otlp: { protocols: { http: { endpoint: `127.0.0.1:${OTLP_HTTP_PORT}` } } } },
  processors: {
    // Refuses spans before the kernel ends the collector.
    memory_limiter: { check_interval: '1s', limit_percentage: 80, spike_limit_percentage: 20 },
    batch: {},
  },
  exporters: { awsxray: {} },
  service: {
    extensions: ['health_check'],
    pipelines: {
      traces: { receivers: ['otlp'], processors: ['memory_limiter', 'batch'], exporters: ['awsxray'] },
    },
  },
} as const;

export function adotContainer(): ContainerDefinitionOptions {
  return {
    image: ContainerImage.fromRegistry(IMAGE),
    // The region of X-Ray is that of the task, which Fargate sets. JSON is YAML.
    environment: { AOT_CONFIG_CONTENT: JSON.stringify(CONFIGURATION) },
    cpu: 128,
    memoryLimitMiB: 256,
    healthCheck: {
      // The image has no shell, but this program, which asks the extension above.
      command: ['CMD', '/healthcheck'],
      interval: Duration.seconds(10),
      timeout: Duration.seconds(3),
      retries: 3,
      startPeriod: Duration.seconds(10),
    },
  };
}

/**
 * What the exporter calls, and no more: sampling is decided in the applications, and it reports nothing about itself.
 * X-Ray knows no resource for it. https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsx-ray.html
 */
export function xRayPermission(): PolicyStatement {
  return new PolicyStatement({ actions: ['xray:PutTraceSegments'], resources: ['*'] });
}
