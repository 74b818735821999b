/** What of a service runs here: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ecs-service.html */
import { z } from 'zod';
import { ClientAlias, LoadBalancer, ServiceConnect, ServiceSchema } from '../agent/aws/read-services.ts';
import { LOG_CONFIGURATION } from './task-definition.ts';
import { ignored, partOf, propertiesOf, refused, shape, TAGS } from './rules.ts';

const DEPLOYMENT = partOf(ServiceSchema, 'deploymentConfiguration');
const CONNECTED = partOf(ServiceConnect, 'services');

const SERVICE_CONNECT = shape({
  reads: propertiesOf(ServiceConnect),
  parts: {
    LogConfiguration: LOG_CONFIGURATION,
    Services: shape({
      reads: propertiesOf(CONNECTED),
      parts: {
        ClientAliases: shape({ reads: propertiesOf(ClientAlias) }),
        Timeout: shape({ reads: propertiesOf(partOf(CONNECTED, 'timeout')) }),
        Tls: shape({
          reads: propertiesOf(partOf(CONNECTED, 'tls')),
          others: {
            KmsKey: ignored('private keys lie on this machine only'),
            RoleArn: ignored('permissions are not enforced'),
          },
        }),
      },
    }),
  },
});

export const SERVICE = shape({
  // The control plane keeps the cluster.
  reads: [
    ...propertiesOf(ServiceSchema, ['ServiceArn', 'ClusterArn', 'Status', 'Deployments']),
    'TaskDefinition',
    'Cluster',
  ],
  others: {
    EnableECSManagedTags: ignored('nothing reads tags'),
    PropagateTags: ignored('nothing reads tags'),
    ...TAGS,
    PlatformVersion: ignored('there is one platform'),
    AvailabilityZoneRebalancing: ignored('tasks are spread over the zones when they start'),
    Role: ignored('permissions are not enforced'),
    ForceNewDeployment: ignored('a changed template makes a new deployment'),
    PlacementConstraints: refused('Fargate does not have it', 'leave it out'),
    PlacementStrategies: refused('Fargate does not have it', 'leave it out'),
    ServiceRegistries: refused('tasks have no DNS', 'use ServiceConnectConfiguration'),
    VolumeConfigurations: refused(
      'EBS volumes are not made',
      'give the volume a name only: an empty directory of the task',
    ),
    VpcLatticeConfigurations: refused('VPC Lattice is not there', 'use ServiceConnectConfiguration'),
    Monitoring: ignored('metrics are those of Service Connect and of the load balancer'),
  },
  values: {
    LaunchType: { schema: z.literal('FARGATE'), rule: refused('there are no EC2 instances', 'use FARGATE') },
    SchedulingStrategy: { schema: z.literal('REPLICA'), rule: refused('Fargate does not have it', 'use REPLICA') },
  },
  parts: {
    ServiceConnectConfiguration: SERVICE_CONNECT,
    LoadBalancers: shape({
      reads: propertiesOf(LoadBalancer),
      others: { LoadBalancerName: refused('Classic Load Balancers are not there', 'use a target group') },
      parts: {
        AdvancedConfiguration: shape({
          reads: propertiesOf(partOf(LoadBalancer, 'advancedConfiguration')),
          others: { RoleArn: ignored('permissions are not enforced') },
        }),
      },
    }),
    NetworkConfiguration: shape({
      reads: [],
      parts: {
        AwsvpcConfiguration: shape({
          reads: ['Subnets', 'SecurityGroups'],
          others: { AssignPublicIp: ignored('tasks have no way to the internet') },
        }),
      },
    }),
    DeploymentController: shape({
      reads: [],
      values: {
        Type: {
          schema: z.literal('ECS'),
          rule: refused('CodeDeploy is not there', 'use ECS, which has blue/green too'),
        },
      },
    }),
    DeploymentConfiguration: shape({
      reads: propertiesOf(DEPLOYMENT),
      others: {
        Alarms: ignored('alarms do not end a deployment'),
        CanaryConfiguration: refused('canary deployments are not made', 'use the strategy BLUE_GREEN or ROLLING'),
        LinearConfiguration: refused('linear deployments are not made', 'use the strategy BLUE_GREEN or ROLLING'),
      },
      values: {
        Strategy: {
          schema: partOf(DEPLOYMENT, 'strategy'),
          rule: refused('the strategy is not known', 'use ROLLING or BLUE_GREEN'),
        },
      },
      parts: {
        LifecycleHooks: shape({
          reads: ['LifecycleStages', 'TimeoutConfiguration'],
          others: {
            HookTargetArn: refused('Lambda functions are not called', 'use the hook PAUSE'),
            RoleArn: ignored('permissions are not enforced'),
            HookDetails: ignored('a pause takes none'),
          },
          values: {
            TargetType: { schema: z.literal('PAUSE'), rule: refused('Lambda functions are not called', 'use PAUSE') },
          },
        }),
      },
    }),
  },
});
