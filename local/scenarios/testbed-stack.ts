/** Services that do what a scenario asks of them, in the VPC, cluster and namespace of base-infra. */
import { importVpc, readBaseInfra } from '@highlands/connected-service';
import { App, Stack, type StackProps } from 'aws-cdk-lib';
import { CfnSecurityGroup, CfnSecurityGroupEgress, CfnSecurityGroupIngress } from 'aws-cdk-lib/aws-ec2';
import { CfnService, CfnTaskDefinition } from 'aws-cdk-lib/aws-ecs';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { TestbedRoute } from './testbed-route.ts';
import { TestbedScaling, type TestbedScalingOptions } from './testbed-scaling.ts';

export interface TestbedPort {
  /** Name of the port mapping and, after the service's own, of the discovery name. */
  readonly name: string;
  readonly containerPort: number;
  /** Absent: TCP. */
  readonly appProtocol?: 'http' | 'http2' | 'grpc';
  readonly aliasPort: number;
  readonly perRequestSeconds?: number;
  readonly idleSeconds?: number;
}

export interface TestbedService {
  readonly name: string;
  readonly count: number;
  /** None: not called in the mesh. */
  readonly ports: readonly TestbedPort[];
  /** Comes when its clients are there already, and they stay as they are. */
  readonly late?: true;
  readonly environment?: Readonly<Record<string, string>>;
  /** Any ARN: the local region has an authority of its own for each. */
  readonly certificateAuthorityArn?: string;
  /** A blue/green deployment that waits for a decision when test requests have moved. */
  readonly pausedBlueGreen?: { readonly bakeMinutes: number };
  readonly scaling?: TestbedScalingOptions;
  /** Path pattern and rule priority on base-infra's load balancer. */
  readonly route?: { readonly path: string; readonly priority: number };
}

export const STACK_NAME = 'HighlandsTestbed';

/** Synthesises the stack. @returns the directory of the cloud assembly */
export function synthTestbed(services: readonly TestbedService[], image: string, outdir: string): string {
  const app = new App({ outdir, analyticsReporting: false });
  new TestbedStack(app, STACK_NAME, { services, image });
  return app.synth().directory;
}

interface TestbedStackProps extends StackProps {
  readonly services: readonly TestbedService[];
  readonly image: string;
}

/**
 * A client knows the names that existed when it was deployed, so other names make another client: by this variable, which
 * a scenario sets itself where its client has to outlive them.
 */
export const knownNames = (services: readonly TestbedService[]): Readonly<Record<string, string>> => ({
  NAMES: services
    .filter(({ late }) => late !== true)
    .flatMap(({ name, ports }) => ports.map(({ aliasPort }) => `${name}:${String(aliasPort)}`))
    .join(),
});

class TestbedStack extends Stack {
  readonly #subnets: string[];
  readonly #vpcId: string;
  /** Fargate pulls from ECR with it. */
  readonly #executionRole: Role;
  /** Of all testbed services: they may talk to each other, and nobody else to them. */
  readonly #group: CfnSecurityGroup;

  constructor(scope: Construct, id: string, { services, image, ...props }: TestbedStackProps) {
    super(scope, id, props);
    const vpc = importVpc(this, 'Vpc');
    this.#subnets = vpc.privateSubnets.map(({ subnetId }) => subnetId);
    this.#vpcId = vpc.vpcId;
    this.#executionRole = new Role(this, 'ExecutionRole', {
      assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com'),
      managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName('service-role/AmazonECSTaskExecutionRolePolicy')],
    });
    this.#group = new CfnSecurityGroup(this, 'Group', { vpcId: vpc.vpcId, groupDescription: 'Testbed' });
    const group = this.#group.attrGroupId;
    const all = { groupId: group, ipProtocol: 'tcp', fromPort: 3000, toPort: 3002 };
    const edges = [
      new CfnSecurityGroupIngress(this, 'In', { ...all, sourceSecurityGroupId: group }),
      new CfnSecurityGroupEgress(this, 'Out', { ...all, destinationSecurityGroupId: group }),
    ];
    const names = knownNames(services);
    const deployed = (service: TestbedService): TestbedService =>
      service.ports.length > 0 ? service : { ...service, environment: { ...names, ...service.environment } };
    const made = services.map((service) => ({ service, resource: this.#service(deployed(service), image) }));
    for (const { service, resource } of made) {
      for (const edge of edges) resource.addResourceDependency(edge);
      // And it comes last.
      if (service.ports.length > 0) continue;
      for (const other of made) if (other.service.ports.length > 0) resource.addResourceDependency(other.resource);
    }
  }

  #service(service: TestbedService, image: string): CfnService {
    const { name, ports, certificateAuthorityArn, pausedBlueGreen } = service;
    const definition = new CfnTaskDefinition(this, `${name}-definition`, {
      family: `testbed-${name}`,
      cpu: '1024',
      memory: '2048',
      networkMode: 'awsvpc',
      requiresCompatibilities: ['FARGATE'],
      executionRoleArn: this.#executionRole.roleArn,
      containerDefinitions: [
        {
          name: 'app',
          image,
          essential: true,
          // Longer than any request of a scenario, shorter than a person's patience.
          stopTimeout: 30,
          environment: Object.entries(service.environment ?? {}).map(([key, value]) => ({ name: key, value })),
          portMappings: [
            ...ports.map((port) => ({
              name: port.name,
              containerPort: port.containerPort,
              ...(port.appProtocol === undefined ? {} : { appProtocol: port.appProtocol }),
            })),
            // What only a load balancer reaches is no endpoint of Service Connect.
            ...(ports.length === 0 && service.route !== undefined ? [{ containerPort: 3000 }] : []),
          ],
          healthCheck: { command: ['CMD', '/service', 'healthcheck'], interval: 5, timeout: 3, retries: 3 },
        },
      ],
    });
    const route =
      service.route === undefined
        ? undefined
        : new TestbedRoute(this, `${name}-route`, {
            ...service.route,
            vpcId: this.#vpcId,
            securityGroupId: this.#group.attrGroupId,
            tls: certificateAuthorityArn !== undefined,
            blueGreen: pausedBlueGreen !== undefined,
          });
    const made = new CfnService(this, name, {
      cluster: readBaseInfra(this, 'clusterName'),
      launchType: 'FARGATE',
      taskDefinition: definition.ref,
      desiredCount: service.count,
      deploymentConfiguration: {
        deploymentCircuitBreaker: { enable: true, rollback: true },
        minimumHealthyPercent: 100,
        maximumPercent: 200,
        ...(pausedBlueGreen === undefined
          ? {}
          : {
              strategy: 'BLUE_GREEN',
              bakeTimeInMinutes: pausedBlueGreen.bakeMinutes,
              lifecycleHooks: [{ targetType: 'PAUSE', lifecycleStages: ['POST_TEST_TRAFFIC_SHIFT'] }],
            }),
      },
      networkConfiguration: {
        awsvpcConfiguration: { subnets: this.#subnets, securityGroups: [this.#group.attrGroupId] },
      },
      // Only an empty list takes load balancers off: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecs-service.html#cfn-ecs-service-loadbalancers
      loadBalancers: route === undefined ? [] : [route.loadBalancer],
      serviceConnectConfiguration: {
        enabled: true,
        namespace: readBaseInfra(this, 'namespaceArn'),
        ...(ports.length === 0
          ? {}
          : { services: ports.map((port) => this.#entry(name, port, certificateAuthorityArn)) }),
        accessLogConfiguration: { format: 'JSON' },
        logConfiguration: { logDriver: 'awslogs' },
      },
    });
    for (const rule of route?.rules ?? []) made.addResourceDependency(rule);
    if (service.scaling !== undefined)
      new TestbedScaling(this, `${name}-scaling`, {
        ...service.scaling,
        serviceName: made.attrName,
        min: service.count,
        targetGroup: route?.targetGroup,
      });
    return made;
  }

  #entry(service: string, port: TestbedPort, authority: string | undefined): CfnService.ServiceConnectServiceProperty {
    return {
      portName: port.name,
      discoveryName: port.name === 'web' ? service : `${service}-${port.name}`,
      clientAliases: [{ dnsName: service, port: port.aliasPort }],
      timeout: {
        ...(port.perRequestSeconds === undefined ? {} : { perRequestTimeoutSeconds: port.perRequestSeconds }),
        ...(port.idleSeconds === undefined ? {} : { idleTimeoutSeconds: port.idleSeconds }),
      },
      ...(authority === undefined ? {} : { tls: { issuerCertificateAuthority: { awsPcaAuthorityArn: authority } } }),
    };
  }
}
