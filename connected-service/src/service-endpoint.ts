import type { ISecurityGroup } from 'aws-cdk-lib/aws-ec2';
import type { IDependable } from 'constructs';

/** What the caller of a service has to know about it. */
export interface ServiceEndpoint {
  /** Name of the service. */
  readonly name: string;
  /** Discovery name in the namespace, by which CloudWatch knows the edge to the service. */
  readonly discoveryName: string;
  /** Where callers reach it: the alias name and port on their own proxy. */
  readonly url: string;
  /** Security group of its tasks, which gets an ingress rule for each caller. */
  readonly securityGroup: ISecurityGroup;
  /**
   * What has to be deployed before a caller is.
   * @default - nothing: the service is of a stack that is deployed already
   */
  readonly deployedFirst?: IDependable;
}
