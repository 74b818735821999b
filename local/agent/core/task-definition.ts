/** What the agent knows of a task definition: AWS's answer, narrowed to the fields that decide something. Plain data. */
import type { AwsLogs } from '../../aws-shapes/awslogs.ts';

export interface HealthCheckCommand {
  readonly command: readonly string[];
  readonly intervalSeconds: number;
  readonly timeoutSeconds: number;
  readonly retries: number;
  readonly startPeriodSeconds: number;
}

export interface PortMapping {
  readonly name: string | undefined;
  readonly containerPort: number;
  readonly appProtocol: 'http' | 'http2' | 'grpc' | undefined;
}

export interface MountPoint {
  readonly volume: string;
  readonly path: string;
  readonly readOnly: boolean;
}

/** A directory in memory. */
export interface Tmpfs {
  readonly path: string;
  readonly sizeMiB: number;
  readonly options: readonly string[];
}

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Ulimit.html */
export interface Ulimit {
  readonly name: string;
  readonly soft: number;
  readonly hard: number;
}

export interface ContainerDefinition {
  readonly name: string;
  readonly image: string;
  readonly essential: boolean;
  readonly entryPoint: readonly string[] | undefined;
  readonly command: readonly string[] | undefined;
  readonly environment: Readonly<Record<string, string>>;
  /** Where the value of a variable comes from, by its name. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly user: string | undefined;
  readonly workingDirectory: string | undefined;
  readonly readonlyRootFilesystem: boolean;
  readonly stopTimeoutSeconds: number;
  readonly portMappings: readonly PortMapping[];
  readonly mountPoints: readonly MountPoint[];
  readonly volumesFrom: readonly { readonly sourceContainer: string; readonly readOnly: boolean }[];
  readonly tmpfs: readonly Tmpfs[];
  readonly ulimits: readonly Ulimit[];
  readonly capabilities: { readonly add: readonly string[]; readonly drop: readonly string[] };
  /** Its share where the containers of its task compete. */
  readonly cpuUnits: number | undefined;
  /** Above it is ended; absent for the task's. */
  readonly memoryMiB: number | undefined;
  readonly healthCheck: HealthCheckCommand | undefined;
  /** Where its output goes; absent with another driver than awslogs. */
  readonly logs?: AwsLogs | undefined;
  readonly dependsOn: readonly { readonly containerName: string; readonly condition: string }[];
}

export interface TaskDefinition {
  readonly arn: string;
  readonly family: string;
  readonly revision: number;
  readonly cpu: number | undefined;
  readonly memoryMiB: number | undefined;
  /** Absent for Fargate's default. */
  readonly storageGiB?: number | undefined;
  /** Whose credentials its containers get. */
  readonly taskRoleArn?: string | undefined;
  readonly containers: readonly ContainerDefinition[];
  /** One line for each thing in it that the agent can't run; empty when it can. */
  readonly unsupported: readonly string[];
}
