/** One SDK client for each API that the agent speaks, all at the region's endpoint. */
import { ACMClient } from '@aws-sdk/client-acm';
import { ApplicationAutoScalingClient } from '@aws-sdk/client-application-auto-scaling';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { EC2Client } from '@aws-sdk/client-ec2';
import { ECSClient } from '@aws-sdk/client-ecs';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { Route53Client } from '@aws-sdk/client-route-53';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ServiceDiscoveryClient } from '@aws-sdk/client-servicediscovery';
import { SSMClient } from '@aws-sdk/client-ssm';
import { STSClient } from '@aws-sdk/client-sts';
import { clientSettings } from '../../region/client-settings.ts';

export interface AwsClients {
  readonly acm: ACMClient;
  readonly ec2: EC2Client;
  readonly ecs: ECSClient;
  readonly elbv2: ElasticLoadBalancingV2Client;
  readonly cloudMap: ServiceDiscoveryClient;
  readonly cloudWatch: CloudWatchClient;
  readonly cloudWatchLogs: CloudWatchLogsClient;
  readonly autoScaling: ApplicationAutoScalingClient;
  readonly route53: Route53Client;
  readonly secretsManager: SecretsManagerClient;
  readonly ssm: SSMClient;
  readonly sts: STSClient;
}

export function awsClients(endpoint: string, region: string): AwsClients {
  const settings = {
    ...clientSettings(endpoint, region),
    // DiscoverInstances would otherwise go to data-<endpoint>, which does not resolve here.
    disableHostPrefix: true,
  };
  return {
    acm: new ACMClient(settings),
    ec2: new EC2Client(settings),
    ecs: new ECSClient(settings),
    elbv2: new ElasticLoadBalancingV2Client(settings),
    cloudMap: new ServiceDiscoveryClient(settings),
    cloudWatch: new CloudWatchClient(settings),
    cloudWatchLogs: new CloudWatchLogsClient(settings),
    autoScaling: new ApplicationAutoScalingClient(settings),
    route53: new Route53Client(settings),
    secretsManager: new SecretsManagerClient(settings),
    ssm: new SSMClient(settings),
    sts: new STSClient(settings),
  };
}
