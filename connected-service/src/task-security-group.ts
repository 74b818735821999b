import { type IVpc, Peer, Port, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';

interface TaskSecurityGroupProps {
  readonly vpc: IVpc;
  /** Name of the service. */
  readonly service: string;
}

/**
 * The security group of a service's tasks. Nothing may call in until the caller's stack adds its edge, and nothing but HTTPS
 * leaves: ECR, its layers in S3, CloudWatch Logs and the Service Connect control plane have no fixed addresses. DNS and the
 * task metadata endpoint are not subject to security groups. Without a NAT gateway the same rule leads to interface endpoints
 * and the S3 gateway and no further, as there is no other route.
 * https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html
 */
export class TaskSecurityGroup extends SecurityGroup {
  constructor(scope: Construct, id: string, props: TaskSecurityGroupProps) {
    super(scope, id, { vpc: props.vpc, description: `Tasks of ${props.service}`, allowAllOutbound: false });
    this.addEgressRule(Peer.anyIpv4(), Port.HTTPS, 'AWS APIs: ECR, S3, CloudWatch Logs, Service Connect');
  }
}
