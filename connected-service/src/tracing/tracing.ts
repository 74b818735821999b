import {
  type ContainerDefinition,
  ContainerDependencyCondition,
  type FargateTaskDefinition,
  type LogDriver,
} from 'aws-cdk-lib/aws-ecs';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { DEFAULT_STAGE } from '../names.ts';
import { requireArn } from '../require-arn.ts';
import { stageOf } from '../stage.ts';
import { adotContainer, xRayPermission } from './adot.ts';
import { datadogContainer } from './datadog.ts';
import { OTLP_HTTP_PORT } from './otlp.ts';
import type { TracingOptions } from './tracing-options.ts';

interface TracingProps {
  readonly options: TracingOptions;
  // eslint-disable-next-line awscdk/no-construct-in-interface -- only the class takes containers
  readonly taskDefinition: FargateTaskDefinition;
  readonly application: ContainerDefinition;
  readonly logging: LogDriver;
}

/** A collector beside the application, and the variables that lead the application to it. */
export class Tracing extends Construct {
  constructor(scope: Construct, id: string, props: TracingProps) {
    super(scope, id);
    const { options, taskDefinition, application, logging } = props;
    const { sampledPercent = 100 } = options;
    if (!(sampledPercent > 0 && sampledPercent <= 100)) {
      throw new Error(`tracing.sampledPercent is ${sampledPercent}: give more than 0 and at most 100`);
    }
    const collector = taskDefinition.addContainer('collector', {
      ...(options.collector === 'adot' ? adotContainer() : this.datadog(options)),
      // Without it requests are answered and traces are lost: no reason to end the task.
      essential: false,
      logging,
    });
    // It starts first and ends last: the application hands it its last spans while it is told to stop. Not HEALTHY: a
    // collector that can't start must not keep the service from starting.
    // https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDependency.html
    application.addContainerDependencies({ container: collector, condition: ContainerDependencyCondition.START });
    if (options.collector === 'adot') taskDefinition.addToTaskRolePolicy(xRayPermission());

    for (const [name, value] of Object.entries(this.variables(options.collector, sampledPercent))) {
      application.addEnvironment(name, value);
    }
  }

  private variables(collector: TracingOptions['collector'], sampledPercent: number): Readonly<Record<string, string>> {
    const stage = stageOf(this);
    return {
      ...(collector === 'adot'
        ? { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${OTLP_HTTP_PORT}` }
        : { DD_TRACING_ENABLED: 'true', AGENT_ADDRESS: '127.0.0.1' }),
      // Copies of the system in one account have the same service names.
      ...(stage !== DEFAULT_STAGE && { OTEL_RESOURCE_ATTRIBUTES: `deployment.environment.name=${stage}` }),
      // The SDK's default is to keep all. https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/
      ...(sampledPercent < 100 && {
        OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
        OTEL_TRACES_SAMPLER_ARG: String(sampledPercent / 100),
      }),
    };
  }

  private datadog(options: Extract<TracingOptions, { collector: 'datadog' }>): ReturnType<typeof datadogContainer> {
    requireArn(
      'tracing.apiKeySecretArn',
      options.apiKeySecretArn,
      'arn:aws:secretsmanager:<region>:<account>:secret:<name>',
    );
    return datadogContainer(options, Secret.fromSecretCompleteArn(this, 'ApiKey', options.apiKeySecretArn));
  }
}
