import { requireArn } from '@highlands/connected-service';
import { type ISecurityGroup, type IVpc, Peer, Port, SecurityGroup, SubnetType } from 'aws-cdk-lib/aws-ec2';
import {
  ApplicationLoadBalancer,
  ApplicationProtocol,
  type BaseApplicationListenerProps,
  type IApplicationListener,
  ListenerAction,
  ListenerCertificate,
  SslPolicy,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import { AccessLogs, type AccessLogsOptions } from './access-logs.ts';

export interface HttpsOptions {
  /** ARN of the certificate, in AWS Certificate Manager and in the region of the stack. */
  readonly certificateArn: string;
  /**
   * Name that the certificate is for, and the host of the output `Url`: no certificate has the load balancer's own. An alias
   * record of it has to point at the load balancer.
   */
  readonly domainName: string;
}

/** What a team decides about the way in. */
export interface PublicEntryOptions {
  /**
   * Takes HTTPS on port 443; port 80 then answers nothing but a redirect to it.
   * @default - HTTP on port 80
   */
  readonly https?: HttpsOptions;
  /**
   * Writes a line for every request into a bucket.
   * @default - none; the proxies of the public services log what reaches them
   */
  readonly accessLogs?: AccessLogsOptions;
  /**
   * ARN of a regional WAF web ACL that looks at every request first.
   * @default - none
   */
  readonly webAclArn?: string;
}

export interface PublicEntryProps extends PublicEntryOptions {
  /** The VPC whose public subnets hold the load balancer. */
  readonly vpc: IVpc;
}

/** The load balancer. It answers 404 by itself; a service that wants to be public adds a rule, and its edge. */
export class PublicEntry extends Construct {
  readonly listener: IApplicationListener;
  readonly securityGroup: ISecurityGroup;
  readonly url: string;
  /** What an alias record points at. */
  readonly dnsName: string;

  constructor(scope: Construct, id: string, props: PublicEntryProps) {
    super(scope, id);
    const { vpc, https, accessLogs, webAclArn } = props;
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
    this.dnsName = loadBalancer.loadBalancerDnsName;
    this.url = https ? `https://${https.domainName}` : `http://${this.dnsName}`;
    const addListener = (name: string, listener: BaseApplicationListenerProps): IApplicationListener =>
      // The security group says who may connect; `open` would add a second rule.
      loadBalancer.addListener(name, { open: false, ...listener });
    const notFound = ListenerAction.fixedResponse(404, {
      contentType: 'application/json',
      messageBody: '{"error":"no such route"}',
    });
    const http = addListener('Http', {
      protocol: ApplicationProtocol.HTTP,
      port: 80,
      // For good: browsers remember it. Rules of services that still hang on this listener go first, so that switching
      // over loses no request.
      defaultAction: https ? ListenerAction.redirect({ protocol: 'HTTPS', port: '443', permanent: true }) : notFound,
    });
    if (https) {
      requireArn('https.certificateArn', https.certificateArn, 'arn:aws:acm:<region>:<account>:certificate/<id>');
      requireDomainName(https.domainName);
      this.securityGroup.addIngressRule(Peer.anyIpv4(), Port.HTTPS, 'HTTPS from anywhere');
    }
    this.listener = https
      ? addListener('Https', {
          protocol: ApplicationProtocol.HTTPS,
          port: 443,
          certificates: [ListenerCertificate.fromArn(https.certificateArn)],
          // TLS 1.3, and 1.2 with forward secrecy and authenticated encryption only; with key exchange that a quantum
          // computer would not undo where the client has it. What CloudFormation gives by itself still takes TLS 1.0.
          // https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html
          sslPolicy: SslPolicy.TLS13_12_RES_PQ,
          defaultAction: notFound,
        })
      : http;
    if (accessLogs) new AccessLogs(this, 'AccessLogs', { ...accessLogs, loadBalancer });
    if (webAclArn !== undefined) {
      requireArn('webAclArn', webAclArn, 'arn:aws:wafv2:<region>:<account>:regional/webacl/<name>/<id>');
      new CfnWebACLAssociation(this, 'WebAcl', { resourceArn: loadBalancer.loadBalancerArn, webAclArn });
    }
  }
}

/** One name, as a client writes it: no scheme, no port, and not the `*.` that a certificate may have. */
function requireDomainName(name: string): void {
  if (/^([a-z\d]([a-z\d-]*[a-z\d])?\.)+[a-z][a-z\d-]*[a-z\d]$/i.test(name)) return;
  throw new Error(`https.domainName is "${name}": give the name that users type, as app.example.com`);
}
