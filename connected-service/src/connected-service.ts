import { Port, SubnetType } from 'aws-cdk-lib/aws-ec2';
import {
  AvailabilityZoneRebalancing,
  type CfnService,
  DeploymentStrategy,
  FargateService,
  type IAlternateTarget,
  PropagatedTagSource,
} from 'aws-cdk-lib/aws-ecs';
import { ApplicationProtocol, type IApplicationLoadBalancerTarget } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { IGrantable, IPrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { type BlueGreenOptions, requireBakeTime, testTrafficRules } from './blue-green.ts';
import type { IConnectedService, IMeshService } from './connected-service-interface.ts';
import type { ConnectedServiceProps } from './connected-service-props.ts';
import { capacityProviderStrategies } from './fargate-spot.ts';
import { ServiceObservability } from './observability/service-observability.ts';
import { serviceConnect } from './service-connect.ts';
import { ServiceConnectTls } from './service-connect-tls.ts';
import { type CallOptions, type ServiceEndpoint, urlVariable } from './service-endpoint.ts';
import { CONTAINER_NAME, CONTAINER_PORT, ServiceTask } from './service-task.ts';
import { TaskSecurityGroup } from './task-security-group.ts';
import { TaskScaling } from './task-scaling.ts';

/** A Fargate service that others reach through Service Connect, and that calls others through it. */
export class ConnectedService extends Construct implements IConnectedService, IGrantable {
  readonly fargateService: IMeshService;
  readonly ingressProtocol: ApplicationProtocol;
  readonly scaling: TaskScaling | undefined;
  readonly observability: ServiceObservability | undefined;
  readonly blueGreen: BlueGreenOptions | undefined;
  /** What its callers need; a stack whose service is called by another stack exports it. */
  readonly endpoint: ServiceEndpoint;
  /** The task role, with which the application calls AWS. */
  readonly grantPrincipal: IPrincipal;
  private readonly service: FargateService;
  private readonly task: ServiceTask;

  // eslint-disable-next-line awscdk/no-unused-props -- those that are not read here are the task's, which gets them whole
  constructor(scope: Construct, id: string, props: ConnectedServiceProps) {
    super(scope, id);
    const { name, discoveryName = name, aliasPort, desiredCount, cluster, blueGreen, executeCommand = false } = props;
    if (blueGreen) requireBakeTime(blueGreen);
    const task = new ServiceTask(this, 'Task', props);
    const tls = props.tls && new ServiceConnectTls(this, 'Tls', props.tls);
    const securityGroup = new TaskSecurityGroup(this, 'SecurityGroup', { vpc: cluster.vpc, service: name });

    const service = new FargateService(this, 'Service', {
      cluster,
      taskDefinition: task.taskDefinition,
      // Absent with scaling: stated, each update of the service would take away what was added under load. A new service
      // then starts with one task, until the registration below lifts it to the minimum.
      // https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecs-service.html
      ...(props.scaling === undefined && { desiredCount }),
      securityGroups: [securityGroup],
      vpcSubnets: props.vpcSubnets ?? { subnetType: SubnetType.PRIVATE_WITH_EGRESS },
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
      serviceConnectConfiguration: serviceConnect({
        namespaceArn: props.namespaceArn,
        name,
        discoveryName,
        aliasPort,
        tls: tls?.configuration,
        logDriver: task.proxyLogDriver,
      }),
    });
    if (blueGreen) {
      const alias = 'ServiceConnectConfiguration.Services.0.ClientAliases.0';
      (service.node.defaultChild as CfnService).addPropertyOverride(
        `${alias}.TestTrafficRules`,
        testTrafficRules(blueGreen),
      );
    }
    this.task = task;
    this.service = service;
    this.fargateService = service;
    this.grantPrincipal = task.taskDefinition.taskRole;
    this.blueGreen = blueGreen;
    this.scaling =
      props.scaling && new TaskScaling(this, 'Scaling', { ...props.scaling, service, minTasks: desiredCount });
    this.observability =
      props.observability &&
      new ServiceObservability(this, 'Observability', {
        ...props.observability,
        discoveryName,
        service,
        accessLogs: task.proxyLogs,
      });
    // CDK lets the service start beside its permissions and its edges (children of the group, added by the stack). A
    // task that may not yet pull its image counts as failed for the circuit breaker; one that may not yet call its
    // upstreams answers errors.
    service.node.addDependency(task.taskDefinition.obtainExecutionRole(), securityGroup);
    // Of a cluster in the same app: it may not know Fargate's capacity providers yet, which are a resource of their own.
    // https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecs-clustercapacityproviderassociations.html
    service.node.addDependency(cluster);
    // ECS needs role and key until the last task is gone: a service that loses them first stays in DRAINING.
    // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect-tls.html
    if (tls) service.node.addDependency(tls);
    this.ingressProtocol = tls ? ApplicationProtocol.HTTPS : ApplicationProtocol.HTTP;
    // http with TLS too: the application speaks to its own proxy, which encrypts.
    const url = `http://${name}:${aliasPort}`;
    this.endpoint = { name, discoveryName, url, securityGroup, deployedFirst: service };
  }

  /**
   * Lets the service call another one, and tells its application where: `service.calls(importService(...))`, or
   * `service.calls(other.endpoint)` where the other is of the same app. The edge lives with the caller: what no longer calls
   * takes its permission away with it.
   */
  calls(callee: ServiceEndpoint, options: CallOptions = {}): void {
    const { name } = this.endpoint;
    // Egress of the caller and ingress of the called.
    this.service.connections.allowTo(callee.securityGroup, Port.tcp(CONTAINER_PORT), `${name} calls ${callee.name}`);
    // The rules are in place before the first task runs, and until the last one is gone. A task resolves only the names
    // that existed when its deployment was made.
    // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect-concepts-deploy.html
    this.service.node.addDependency(callee.securityGroup);
    if (callee.deployedFirst) this.service.node.addDependency(callee.deployedFirst);
    this.task.addVariable(options.environmentVariable ?? urlVariable(callee.name), callee.url);
    this.observability?.watchCall(callee.discoveryName);
  }

  loadBalancerTarget(alternateTarget?: IAlternateTarget): IApplicationLoadBalancerTarget {
    return this.service.loadBalancerTarget({
      containerName: CONTAINER_NAME,
      ...(alternateTarget && { alternateTarget }),
    });
  }
}
