/** What of a service runs here: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ecs-service.html */
import { z } from 'zod';
import { ServiceConnect } from '../aws-shapes/service-connect.ts';
import { LoadBalancer, ServiceRegistry, ServiceSchema } from '../aws-shapes/service.ts';
import { LOG_CONFIGURATION } from './task-definition.ts';
import { ignored, partOf, refused, shape, shapeOf, TAGS, warned } from './rules.ts';
import { NO_WAY_OUT } from './way-out.ts';

const DEPLOYMENT = partOf(ServiceSchema, 'deploymentConfiguration');
const CONNECTED = partOf(ServiceConnect, 'services');

const SERVICE_CONNECT = shapeOf(ServiceConnect, {
  others: { ContainerConfigurations: refused('the proxy takes no settings of its own', 'leave it out') },
  parts: {
    LogConfiguration: LOG_CONFIGURATION,
    Services: shapeOf(CONNECTED, {
      parts: {
        Tls: shapeOf(partOf(CONNECTED, 'tls'), {
          others: {
            KmsKey: ignored('private keys lie on this machine only'),
            RoleArn: ignored('only permissions of task roles are enforced'),
          },
        }),
      },
    }),
  },
});

export const SERVICE = shapeOf(
  ServiceSchema,
  {
    // The control plane keeps the cluster.
    reads: ['TaskDefinition', 'Cluster'],
    others: {
      EnableECSManagedTags: ignored('nothing reads tags'),
      PropagateTags: ignored('nothing reads tags'),
      ...TAGS,
      PlatformVersion: ignored('there is one platform'),
      AvailabilityZoneRebalancing: ignored('tasks are spread over the zones when they start'),
      Role: ignored('only permissions of task roles are enforced'),
      ForceNewDeployment: ignored('a changed template makes a new deployment'),
      PlacementConstraints: refused('Fargate does not have it', 'leave it out'),
      PlacementStrategies: refused('Fargate does not have it', 'leave it out'),
      GatewayConnectors: refused('there are no gateways of this kind', 'use a target group'),
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
      ServiceRegistries: shapeOf(ServiceRegistry, {
        others: { ContainerName: ignored('the port is enough: a task has each once') },
      }),
      LoadBalancers: shapeOf(LoadBalancer, {
        others: { LoadBalancerName: refused('Classic Load Balancers are not there', 'use a target group') },
        parts: {
          AdvancedConfiguration: shapeOf(partOf(LoadBalancer, 'advancedConfiguration'), {
            others: { RoleArn: ignored('only permissions of task roles are enforced') },
          }),
        },
      }),
      NetworkConfiguration: shape({
        reads: [],
        parts: {
          AwsvpcConfiguration: shape({
            reads: ['Subnets', 'SecurityGroups'],
            values: {
              AssignPublicIp: {
                schema: z.literal('DISABLED'),
                rule: NO_WAY_OUT,
              },
            },
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
      DeploymentConfiguration: shapeOf(DEPLOYMENT, {
        others: {
          Alarms: warned('an alarm does not end a deployment, nor rolls it back', 'use DeploymentCircuitBreaker'),
          EarlySuccessCriteria: refused('a deployment is complete when all of its tasks are up', 'leave it out'),
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
            reads: ['LifecycleStages'],
            others: {
              TimeoutConfiguration: warned(
                'a pause ends when somebody continues it, not by itself',
                'continue it with `aws ecs continue-service-deployment`',
              ),
              HookTargetArn: refused('Lambda functions are not called', 'use the hook PAUSE'),
              RoleArn: ignored('only permissions of task roles are enforced'),
              HookDetails: ignored('a pause takes none'),
            },
            values: {
              TargetType: { schema: z.literal('PAUSE'), rule: refused('Lambda functions are not called', 'use PAUSE') },
            },
          }),
        },
      }),
    },
  },
  ['ServiceArn', 'ClusterArn', 'Status', 'Deployments'],
);
