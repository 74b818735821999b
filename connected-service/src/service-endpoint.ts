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

export interface CallOptions {
  /**
   * Variable of the calling application that gets the URL of the called service.
   * @default - the called service's name and `_URL`, in capitals: `SERVICE_A_URL` for service-a
   */
  readonly environmentVariable?: string;
}

/** `SERVICE_A_URL` for service-a. */
export function urlVariable(name: string): string {
  return `${name.replaceAll(/[^A-Za-z0-9]+/g, '_').toUpperCase()}_URL`;
}
