/** What the agent knows of the region: AWS's answers, narrowed to the fields that decide something. Plain data. */
import type { LifecycleStage } from '../../aws-shapes/lifecycle-stages.ts';
import type { AwsLogs } from '../../aws-shapes/awslogs.ts';
import type { SecurityGroup, TestHeader } from './mesh.ts';
import type { RegionNames } from './names/region-names.ts';
import type { CapacityProviderItem } from './scheduler/capacity-providers.ts';
import type { TaskDefinition } from './task-definition.ts';
import type { TaskOrder } from './task-order.ts';

export interface ServiceConnectService {
  readonly portName: string;
  readonly discoveryName: string;
  /** Without a name an alias is `<discovery name>.<namespace>`. */
  readonly clientAliases: readonly { readonly dnsName: string | undefined; readonly port: number }[];
  readonly ingressPortOverride: number | undefined;
  readonly idleTimeoutSeconds: number | undefined;
  readonly perRequestTimeoutSeconds: number | undefined;
  /** ARN of the AWS Private CA that signs for it; absent without TLS. */
  readonly certificateAuthorityArn: string | undefined;
  readonly testHeader: TestHeader | undefined;
}

export interface ServiceConnect {
  /** Namespace name or ARN, as the service has it. */
  readonly namespace: string;
  readonly services: readonly ServiceConnectService[];
  /** Where the proxy's output goes. */
  readonly logs?: AwsLogs | undefined;
  readonly accessLog: { readonly format: 'TEXT' | 'JSON'; readonly includeQueryParameters: boolean } | undefined;
}

export type RolloutState = 'IN_PROGRESS' | 'COMPLETED' | 'FAILED';

export interface Deployment {
  readonly id: string;
  readonly status: 'PRIMARY' | 'ACTIVE';
  readonly taskDefinitionArn: string;
  readonly rolloutState: RolloutState;
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
  /** Whether its tasks get a public address. */
  readonly publicAddress?: boolean;
  readonly serviceConnect: ServiceConnect | undefined;
}

export interface BlueGreen {
  readonly bakeTimeMinutes: number;
  /** Stages at whose end the deployment waits for `ContinueServiceDeployment`. */
  readonly pauseStages: readonly LifecycleStage[];
}

/** How a blue/green deployment moves a load balancer's requests; rules by ARN. */
export interface TargetShift {
  readonly alternateTargetGroupArn: string;
  readonly productionRuleArn: string;
  readonly testRuleArn: string | undefined;
}

export interface ServiceLoadBalancer {
  readonly targetGroupArn: string;
  readonly shift: TargetShift | undefined;
  readonly containerName: string;
  readonly containerPort: number;
}

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentCircuitBreaker.html */
export interface CircuitBreaker {
  readonly enable: boolean;
  readonly rollback: boolean;
  /** Whether a task that is up ends the row of failures; true where it is absent. */
  readonly resetOnHealthyTask?: boolean | undefined;
  readonly thresholdConfiguration?:
    { readonly type: 'COUNT' | 'BOUNDED_PERCENT' | 'UNBOUNDED_PERCENT'; readonly value: number } | undefined;
}

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceRegistry.html */
export interface ServiceRegistry {
  /** Of a Cloud Map service. */
  readonly arn: string;
  readonly port: number | undefined;
  /** In the place of a port, that of a container. */
  readonly containerPort: number | undefined;
}

export interface Service {
  readonly arn: string;
  readonly name: string;
  readonly clusterArn: string;
  readonly status: 'ACTIVE' | 'DRAINING';
  readonly desiredCount: number;
  readonly minimumHealthyPercent: number;
  readonly maximumPercent: number;
  /** Absent for a rolling update. */
  readonly blueGreen: BlueGreen | undefined;
  readonly circuitBreaker: CircuitBreaker;
  readonly healthCheckGracePeriodSeconds: number;
  readonly loadBalancers: readonly ServiceLoadBalancer[];
  readonly registries: readonly ServiceRegistry[];
  /** Empty for a service with a launch type. */
  readonly capacityProviders: readonly CapacityProviderItem[];
  /** Whether ECS Exec is on; on this machine `highlands exec` needs no permission. */
  readonly executeCommand: boolean;
  /** PRIMARY first. */
  readonly deployments: readonly Deployment[];
}

export interface Subnet {
  readonly id: string;
  readonly vpcId: string;
  readonly cidr: string;
  readonly zone: string;
}

export interface RouteTable {
  readonly id: string;
  readonly vpcId: string;
  /** Whether subnets without a table of their own have it. */
  readonly main: boolean;
  readonly subnetIds: readonly string[];
  /** With the id of what each leads to. */
  readonly routes: readonly { readonly destination: string; readonly target: string }[];
}

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpcEndpoint.html */
export interface VpcEndpoint {
  readonly id: string;
  readonly vpcId: string;
  readonly type: string;
  /** Such as `com.amazonaws.us-east-1.sqs`. */
  readonly serviceName: string;
  readonly routeTableIds: readonly string[];
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
  readonly privateDns: boolean;
}

export interface Namespace {
  readonly id: string;
  readonly arn: string;
  readonly name: string;
  /** The hosted zone of one with DNS. */
  readonly zoneId?: string | undefined;
  /** For how long resolvers remember that a name does not exist. */
  readonly soaTtl?: number | undefined;
}

export interface RegionState {
  readonly services: readonly Service[];
  readonly taskDefinitions: ReadonlyMap<string, TaskDefinition>;
  readonly subnets: ReadonlyMap<string, Subnet>;
  /** CIDRs of each VPC by id. */
  readonly vpcCidrs: ReadonlyMap<string, readonly string[]>;
  readonly routeTables: readonly RouteTable[];
  readonly vpcEndpoints: readonly VpcEndpoint[];
  readonly securityGroups: readonly SecurityGroup[];
  readonly namespaces: readonly Namespace[];
  readonly names: RegionNames;
  /** Tasks of no service that have not come to their end. */
  readonly taskOrders: readonly TaskOrder[];
  readonly tasksToStop: ReadonlyMap<string, string>;
}
