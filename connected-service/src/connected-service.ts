import { Duration } from 'aws-cdk-lib';
import { type IConnectable, Peer, Port, SecurityGroup, SubnetType } from 'aws-cdk-lib/aws-ec2';
import {
  AvailabilityZoneRebalancing,
  type CfnService,
  Cluster,
  DeploymentStrategy,
  FargateService,
  type IAlternateTarget,
  type IBaseService,
  PropagatedTagSource,
  ServiceConnectAccessLogFormat,
} from 'aws-cdk-lib/aws-ecs';
import { ApplicationProtocol, type IApplicationLoadBalancerTarget } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Construct } from 'constructs';
import { type BlueGreenOptions, requireBakeTime, testTrafficRules } from './blue-green.ts';
import { importVpc, readBaseInfra, type ServiceEndpoint } from './contract.ts';
import { capacityProviderStrategies } from './fargate-spot.ts';
import { discoveryName, type ServiceName } from './names.ts';
import { ServiceObservability } from './observability/service-observability.ts';
import { ServiceConnectTls } from './service-connect-tls.ts';
import type { ServiceSettings } from './service-settings.ts';
import { CONTAINER_NAME, PORT_MAPPING_NAME, ServiceTask } from './service-task.ts';
import { stageOf } from './stage.ts';
import { TaskScaling } from './task-scaling.ts';

export interface ConnectedServiceProps extends ServiceSettings {
  /** Name of the service in the contract; clients call it by this name. */
  readonly name: ServiceName;
  /** Port under which clients call it, on their own proxy; the container listens elsewhere. */
  readonly aliasPort: number;
  /**
   * Variables of the application beside those that every service has.
   * @default - none
   */
  readonly environment?: Readonly<Record<string, string>>;
}

/** What a stack does with the service beyond this construct: add edges and dependencies. */
export interface IMeshService extends IBaseService, IConnectable {}

/** What a load balancer in front of a service has to know about it. */
export interface IConnectedService {
  /** The ECS service itself. */
  readonly fargateService: IMeshService;
  /** What the proxy of a task speaks on the container port. */
  readonly ingressProtocol: ApplicationProtocol;
  /** What changes the number of tasks, where something does. */
  readonly scaling: TaskScaling | undefined;
  /** Dashboard, alarms and queries, where they are asked for. */
  readonly observability: ServiceObservability | undefined;
  /** How a new version takes over, where it is not a rolling update. */
  readonly blueGreen: BlueGreenOptions | undefined;
  /**
   * The container port as a target of a load balancer.
   * @param alternateTarget where the tasks of the other version go, with `blueGreen`
   */
  loadBalancerTarget(alternateTarget?: IAlternateTarget): IApplicationLoadBalancerTarget;
}

/** A Fargate service that others reach through Service Connect, in the VPC, cluster and namespace of base-infra. */
export class ConnectedService extends Construct implements IConnectedService {
  readonly fargateService: IMeshService;
  readonly ingressProtocol: ApplicationProtocol;
  readonly scaling: TaskScaling | undefined;
  readonly observability: ServiceObservability | undefined;
  readonly blueGreen: BlueGreenOptions | undefined;
  readonly loadBalancerTarget: IConnectedService['loadBalancerTarget'];
  /** What its callers need; a stack whose service is called exports it. */
  readonly endpoint: ServiceEndpoint;

  constructor(scope: Construct, id: string, props: ConnectedServiceProps) {
    super(scope, id);
    const { name, aliasPort, desiredCount, environment, tracing, blueGreen, executeCommand = false } = props;
    if (blueGreen) requireBakeTime(blueGreen);
    const vpc = importVpc(this, 'Vpc');
    const task = new ServiceTask(this, 'Task', { name, environment, tracing, executeCommand });
    const tls = props.tls && new ServiceConnectTls(this, 'Tls', props.tls);

    // Nothing may call in until the caller's stack adds its edge, and nothing but HTTPS leaves: ECR, its layers in S3,
    // CloudWatch Logs and the Service Connect control plane have no fixed addresses. DNS and the task metadata
    // endpoint are not subject to security groups. Without a NAT gateway the same rule leads to interface endpoints and the
    // S3 gateway and no further, as there is no other route.
    // https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html
    const securityGroup = new SecurityGroup(this, 'SecurityGroup', {
      vpc,
      description: `Tasks of ${name}`,
      allowAllOutbound: false,
    });
    securityGroup.addEgressRule(Peer.anyIpv4(), Port.HTTPS, 'AWS APIs: ECR, S3, CloudWatch Logs, Service Connect');

    const service = new FargateService(this, 'Service', {
      cluster: Cluster.fromClusterAttributes(this, 'Cluster', {
        clusterName: readBaseInfra(this, 'clusterName'),
        vpc,
      }),
      taskDefinition: task.taskDefinition,
      // Absent with scaling: stated, each update of the service would take away what was added under load. A new service
      // then starts with one task, until the registration below lifts it to the minimum.
      // https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecs-service.html
      ...(props.scaling === undefined && { desiredCount }),
      securityGroups: [securityGroup],
      vpcSubnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS },
      // A bad image fails the deploy after a few tasks and goes back, instead of being retried for up to three hours;
      // rolling or blue/green. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-failure-detection.html
      circuitBreaker: { rollback: true },
      // Never fewer tasks than asked for (CDK's default is half of them): start all new ones, then stop the old.
      minHealthyPercent: 100,
      maxHealthyPercent: 200,
      capacityProviderStrategies: capacityProviderStrategies(props.spot),
      ...(executeCommand && { enableExecuteCommand: true }),
      ...(blueGreen && { deploymentStrategy: DeploymentStrategy.BLUE_GREEN, bakeTime: blueGreen.bakeTime }),
      // Moves tasks back when a zone returns. Stated, because an update without it keeps whatever was set before.
      // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-rebalancing.html
      availabilityZoneRebalancing: AvailabilityZoneRebalancing.ENABLED,
      // Both on the tasks: our tags and those of ECS, so that the bill can be split by cluster and service.
      // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-using-tags.html
      propagateTags: PropagatedTagSource.SERVICE,
      enableECSManagedTags: true,
      serviceConnectConfiguration: {
        // By ARN: given a name it does not know, ECS makes a second namespace.
        // https://github.com/aws/aws-cdk/issues/25616
        namespace: readBaseInfra(this, 'namespaceArn'),
        services: [
          {
            portMappingName: PORT_MAPPING_NAME,
            discoveryName: discoveryName(name, stageOf(this)),
            // A bare name: this is all that /etc/hosts of a client gets. The default would be `name.namespace`.
            dnsName: name,
            port: aliasPort,
            // Service Connect's default is 15 s. Ours is less than a caller's own patience (an ALB waits 60 s) and more
            // than three attempts, as the proxy retries twice, of a healthy service, which answers in milliseconds.
            // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect-concepts-deploy.html
            perRequestTimeout: Duration.seconds(10),
            ...(tls && { tls: tls.configuration }),
          },
        ],
        logDriver: task.proxyLogDriver,
        // One line per request, for machines. Query parameters stay out: they carry what users typed.
        // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect-envoy-access-logs.html
        accessLogConfiguration: { format: ServiceConnectAccessLogFormat.JSON, includeQueryParameters: false },
      },
    });
    if (blueGreen) {
      const alias = 'ServiceConnectConfiguration.Services.0.ClientAliases.0';
      (service.node.defaultChild as CfnService).addPropertyOverride(
        `${alias}.TestTrafficRules`,
        testTrafficRules(blueGreen),
      );
    }
    this.fargateService = service;
    this.blueGreen = blueGreen;
    this.loadBalancerTarget = (alternateTarget) =>
      service.loadBalancerTarget({ containerName: CONTAINER_NAME, ...(alternateTarget && { alternateTarget }) });
    this.scaling =
      props.scaling && new TaskScaling(this, 'Scaling', { ...props.scaling, service, minTasks: desiredCount });
    this.observability =
      props.observability &&
      new ServiceObservability(this, 'Observability', {
        ...props.observability,
        discoveryName: discoveryName(name, stageOf(this)),
        service,
        accessLogs: task.proxyLogs,
      });
    // CDK lets the service start beside its permissions and its edges (children of the group, added by the stack). A
    // task that may not yet pull its image counts as failed for the circuit breaker; one that may not yet call its
    // upstreams answers errors.
    this.fargateService.node.addDependency(task.taskDefinition.obtainExecutionRole(), securityGroup);
    // ECS needs role and key until the last task is gone: a service that loses them first stays in DRAINING.
    // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect-tls.html
    if (tls) this.fargateService.node.addDependency(tls);
    this.ingressProtocol = tls ? ApplicationProtocol.HTTPS : ApplicationProtocol.HTTP;
    // http with TLS too: the application speaks to its own proxy, which encrypts.
    this.endpoint = { url: `http://${name}:${aliasPort}`, securityGroup };
  }
}
