import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import {
  AppProtocol,
  AwsLogDriverMode,
  type ContainerDefinition,
  CpuArchitecture,
  FargateTaskDefinition,
  LinuxParameters,
  type LogDriver,
  LogDrivers,
  OperatingSystemFamily,
} from 'aws-cdk-lib/aws-ecs';
import { type ILogGroup, LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { ConnectedServiceProps } from './connected-service-props.ts';
import { DEFAULT_HEALTH_CHECK } from './health-check.ts';
import { requireTaskSize } from './task-size.ts';
import { Tracing } from './tracing/tracing.ts';

/** The application's container; its proxy is the other one. */
export const CONTAINER_NAME = 'app';
/** Where every container listens; security groups open this port, not the alias port, which exists in proxies only. */
export const CONTAINER_PORT = 3000;
/** What Service Connect calls that port. */
export const PORT_MAPPING_NAME = 'web';

type ServiceTaskProps = Pick<
  ConnectedServiceProps,
  | 'image'
  | 'repository'
  | 'cpu'
  | 'memory'
  | 'environment'
  | 'secrets'
  | 'healthCheck'
  | 'logRetention'
  | 'tracing'
  | 'executeCommand'
>;

/** The task definition of a service, and the logs of its two containers: the application and its proxy. */
export class ServiceTask extends Construct {
  // eslint-disable-next-line awscdk/no-construct-in-public-property-of-construct -- FargateService takes the class
  readonly taskDefinition: FargateTaskDefinition;
  /** For the proxy, which ECS adds to the task by itself. */
  readonly proxyLogDriver: LogDriver;
  /** Where it writes: one line for each request. */
  readonly proxyLogs: ILogGroup;
  private readonly application: ContainerDefinition;
  /** Variables that `environment`, `secrets` and calls have given to the application. */
  private readonly names: Set<string>;

  constructor(scope: Construct, id: string, props: ServiceTaskProps) {
    super(scope, id);
    const { cpu = 1024, memory = 2048, environment, secrets, tracing, executeCommand = false } = props;
    requireTaskSize(cpu, memory);
    this.names = new Set(Object.keys({ ...environment, ...secrets }));
    const retention = props.logRetention ?? RetentionDays.ONE_MONTH;

    this.taskDefinition = new FargateTaskDefinition(this, 'Definition', {
      // One half is the application's. The other is for its proxy, for which AWS asks 256 CPU units and 64 MiB, 512 CPU
      // units from 500 requests per second on, and for a collector of traces.
      // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect-concepts-deploy.html
      cpu,
      memoryLimitMiB: memory,
      // Graviton costs a fifth less than x86 on Fargate. https://aws.amazon.com/fargate/pricing/
      runtimePlatform: { cpuArchitecture: CpuArchitecture.ARM64, operatingSystemFamily: OperatingSystemFamily.LINUX },
    });

    const logs = this.logGroup('Logs', retention);
    this.application = this.taskDefinition.addContainer(CONTAINER_NAME, {
      image: props.image,
      cpu: cpu / 2,
      memoryReservationMiB: memory / 2,
      portMappings: [
        // Without appProtocol the proxy does TCP only: no request timeout, no retries on 503, no HTTP metrics. It is
        // immutable in a Service Connect service.
        // https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_PortMapping.html
        { name: PORT_MAPPING_NAME, containerPort: CONTAINER_PORT, appProtocol: AppProtocol.http },
      ],
      environment: {
        // All addresses, since the proxy forwards to 127.0.0.1.
        BIND_ADDRESS: `0.0.0.0:${CONTAINER_PORT}`,
        RUST_LOG: 'info',
        DD_TRACING_ENABLED: 'false',
        ...environment,
      },
      ...(secrets && { secrets }),
      // One static binary that writes no file: the image has no shell, no package and no user but this id ("nonroot" in
      // distroless images).
      user: '65532:65532',
      // The agent of ECS Exec writes into the container, and leaves children that the application would not reap.
      // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html
      readonlyRootFilesystem: !executeCommand,
      ...(executeCommand && {
        linuxParameters: new LinuxParameters(this, 'LinuxParameters', { initProcessEnabled: true }),
      }),
      healthCheck: props.healthCheck ?? DEFAULT_HEALTH_CHECK,
      // SIGKILL comes after the proxy's 20 s of draining, during which requests still arrive, plus a 10 s request.
      // https://github.com/aws/amazon-ecs-service-connect-agent (LISTENER_DRAIN_WAIT_TIME_S)
      stopTimeout: Duration.seconds(30),
      logging: logDriver(logs, 'app'),
    });
    if (tracing) {
      if (cpu < 1024) {
        throw new Error(
          `cpu is ${cpu}: the collector of tracing needs room beside application and proxy, give 1024 or more`,
        );
      }
      new Tracing(this, 'Tracing', {
        options: tracing,
        taskDefinition: this.taskDefinition,
        application: this.application,
        logging: logDriver(logs, 'collector'),
      });
    }
    this.proxyLogs = this.logGroup('ProxyLogs', retention);
    this.proxyLogDriver = logDriver(this.proxyLogs, 'proxy');

    // Pull from the service's own repository and nowhere else.
    props.repository?.grantPull(this.taskDefinition.obtainExecutionRole());
  }

  /** Adds a variable of the application. @throws Error when the application has it already */
  addVariable(name: string, value: string): void {
    if (this.names.has(name))
      throw new Error(`${name} is a variable of the application already: give environmentVariable`);
    this.names.add(name);
    this.application.addEnvironment(name, value);
  }

  /** Two groups: queries are billed by what they scan, and access logs are by far the larger part. */
  private logGroup(id: 'Logs' | 'ProxyLogs', retention: RetentionDays): ILogGroup {
    return new LogGroup(this, id, {
      // Without it logs are kept, and billed, for ever.
      retention,
      // The group's generated name means nothing to a later stack; who must keep logs ships them elsewhere.
      removalPolicy: RemovalPolicy.DESTROY,
    });
  }
}

function logDriver(logGroup: ILogGroup, streamPrefix: string): LogDriver {
  return LogDrivers.awsLogs({
    streamPrefix,
    logGroup,
    // When CloudWatch Logs is slow, lose log lines and not requests.
    // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_awslogs.html
    mode: AwsLogDriverMode.NON_BLOCKING,
  });
}
