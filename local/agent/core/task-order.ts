/**
 * A task of no service: RunTask starts it, it ends by itself, and nobody starts another in its place.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/standalone-tasks.html
 */
import type { CapacityProviderItem } from './scheduler/capacity-providers.ts';

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TaskOverride.html */
export interface TaskOverrides {
  readonly cpu: number | undefined;
  readonly memoryMiB: number | undefined;
  readonly taskRoleArn: string | undefined;
  readonly storageGiB: number | undefined;
  readonly containers: readonly {
    readonly name: string;
    readonly command: readonly string[] | undefined;
    readonly environment: Readonly<Record<string, string>>;
    readonly cpuUnits: number | undefined;
    readonly memoryMiB: number | undefined;
  }[];
}

export interface TaskOrder {
  readonly id: string;
  readonly arn: string;
  readonly clusterArn: string;
  readonly taskDefinitionArn: string;
  readonly group: string;
  readonly executeCommand: boolean;
  /** False once it was asked to stop. */
  readonly wanted: boolean;
  /** Whether no agent has begun with it. */
  readonly waiting: boolean;
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
  readonly publicAddress: boolean;
  readonly capacityProviders: readonly CapacityProviderItem[];
  /** Which one it is of those that one request started. */
  readonly index: number;
  readonly overrides: TaskOverrides;
}
