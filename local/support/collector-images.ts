/** Images of collectors that the region stands in for, so that what they get is seen here: docs/any-app-reference.md. */

export type CollectorKind = 'adot' | 'opentelemetry' | 'datadog';

/** Repositories without tag or digest. */
const COLLECTOR_REPOSITORIES: Readonly<Record<string, CollectorKind>> = {
  'public.ecr.aws/aws-observability/aws-otel-collector': 'adot',
  'amazon/aws-otel-collector': 'adot',
  'otel/opentelemetry-collector': 'opentelemetry',
  'otel/opentelemetry-collector-contrib': 'opentelemetry',
  'ghcr.io/open-telemetry/opentelemetry-collector-releases/opentelemetry-collector': 'opentelemetry',
  'ghcr.io/open-telemetry/opentelemetry-collector-releases/opentelemetry-collector-contrib': 'opentelemetry',
  'public.ecr.aws/datadog/agent': 'datadog',
  'datadog/agent': 'datadog',
  'gcr.io/datadoghq/agent': 'datadog',
};

export function collectorKind(image: string): CollectorKind | undefined {
  const repository = image.replace(/@.*$/, '').replace(/:[^/:]*$/, '');
  return COLLECTOR_REPOSITORIES[repository.replace(/^docker\.io\//, '')];
}
