import { type ISecurityGroup, type IVpc, Peer, Port, SecurityGroup, SubnetType } from 'aws-cdk-lib/aws-ec2';
import {
  ApplicationLoadBalancer,
  ApplicationProtocol,
  type IApplicationListener,
  ListenerAction,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Construct } from 'constructs';

export interface PublicEntryProps {
  /** The VPC whose public subnets hold the load balancer. */
  readonly vpc: IVpc;
}

/** The load balancer. It answers 404 by itself; a service that wants to be public adds a rule, and its edge. */
export class PublicEntry extends Construct {
  readonly listener: IApplicationListener;
  readonly securityGroup: ISecurityGroup;
  readonly url: string;

  constructor(scope: Construct, id: string, props: PublicEntryProps) {
    super(scope, id);
    const { vpc } = props;
    // No way out: the stack of each public service adds the one rule to its own tasks.
    this.securityGroup = new SecurityGroup(this, 'SecurityGroup', {
      vpc,
      description: 'Public load balancer',
      allowAllOutbound: false,
    });
    this.securityGroup.addIngressRule(Peer.anyIpv4(), Port.HTTP, 'HTTP from anywhere');

    const loadBalancer = new ApplicationLoadBalancer(this, 'LoadBalancer', {
      vpc,
      vpcSubnets: { subnetType: SubnetType.PUBLIC },
      internetFacing: true,
      securityGroup: this.securityGroup,
      // Header names that HTTP does not allow are how requests get smuggled past a proxy; services need none of them.
      // https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html
      dropInvalidHeaderFields: true,
    });
    this.url = `http://${loadBalancer.loadBalancerDnsName}`;
    this.listener = loadBalancer.addListener('Http', {
      protocol: ApplicationProtocol.HTTP,
      port: 80,
      // The security group above says who may connect; `open` would add a second rule.
      open: false,
      defaultAction: ListenerAction.fixedResponse(404, {
        contentType: 'application/json',
        messageBody: '{"error":"no such route"}',
      }),
    });
  }
}
