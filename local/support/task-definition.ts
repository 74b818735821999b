/** What of a task definition runs here: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html */
import { z } from 'zod';
import { Capabilities, Container, Definition } from '../aws-shapes/task-definition.ts';
import { MAY_BE_ADDED } from '../aws-shapes/task-definition.ts';
import { LogConfiguration } from '../aws-shapes/awslogs.ts';
import { ignored, refused, shape, shapeOf, TAGS, warned } from './rules.ts';

const NOT_ON_FARGATE = (remedy: string) => refused('Fargate does not have it', remedy);

const LINUX_PARAMETERS = shapeOf(Container.shape.linuxParameters, {
  others: {
    InitProcessEnabled: ignored('the application is the first process of its container'),
    SharedMemorySize: NOT_ON_FARGATE('leave it out'),
    Devices: NOT_ON_FARGATE('leave it out'),
    MaxSwap: NOT_ON_FARGATE('leave it out'),
    Swappiness: NOT_ON_FARGATE('leave it out'),
  },
  parts: {
    Capabilities: shapeOf(Capabilities, {
      values: {
        Add: {
          schema: z.array(z.enum(MAY_BE_ADDED)),
          rule: refused('Fargate adds SYS_PTRACE and no other capability', 'leave the others out'),
        },
      },
    }),
  },
});

const PORT_MAPPING = shape({
  reads: ['Name', 'ContainerPort', 'AppProtocol'],
  others: {
    HostPort: ignored('it is the container port, as with awsvpc on AWS'),
    ContainerPortRange: refused('ranges of ports are not opened', 'name each port'),
  },
  values: {
    Protocol: { schema: z.enum(['tcp', 'udp']), rule: refused('there is no such protocol', 'use tcp or udp') },
  },
});

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specify-log-config.html; other drivers' options go with the driver. */
const OPTIONS = shape({
  isMap: true,
  reads: ['awslogs-group', 'awslogs-stream-prefix', 'awslogs-create-group'],
  others: {
    'awslogs-region': ignored('there is one Region'),
    'awslogs-datetime-format': ignored('each line is an event of its own'),
    'awslogs-multiline-pattern': ignored('each line is an event of its own'),
    'awslogs-endpoint': ignored('logs are kept in the local region'),
    'awslogs-credentials-endpoint': ignored('logs are kept in the local region'),
    mode: ignored('lines are never lost for want of a buffer'),
    'max-buffer-size': ignored('lines are never lost for want of a buffer'),
  },
  isOpen: true,
});

/** Of services too: what the proxies write. */
export const LOG_CONFIGURATION = shapeOf(LogConfiguration, {
  others: { SecretOptions: ignored('other drivers than awslogs are not there, and this one has no secrets') },
  values: {
    LogDriver: {
      schema: z.literal('awslogs'),
      rule: ignored('`highlands logs` shows what is written, and it is sent nowhere else'),
    },
  },
  parts: { Options: OPTIONS },
});

const CONTAINER = shapeOf(Container, {
  others: {
    EnvironmentFiles: refused('files in S3 are not read', 'put the variables into Environment, or into Secrets'),
    FirelensConfiguration: ignored('the container runs, and no logs are routed to it'),
    MemoryReservation: ignored('containers share the machine’s memory'),
    DockerLabels: ignored('nothing reads labels'),
    RepositoryCredentials: ignored('a registry is asked with the credentials of the Docker configuration'),
    StartTimeout: ignored('a dependency is waited for as long as it takes'),
    RestartPolicy: warned(
      'a container that ends is not started again; with an essential one its task is replaced',
      'count on another task, not on the same',
    ),
    VersionConsistency: ignored('an image is what its reference names when the task starts'),
    SystemControls: ignored('kernel settings are the machine’s'),
    Interactive: ignored('standard input is closed'),
    PseudoTerminal: ignored('there is no terminal'),
    DisableNetworking: NOT_ON_FARGATE('leave it out'),
    DnsServers: NOT_ON_FARGATE('leave it out'),
    DnsSearchDomains: NOT_ON_FARGATE('leave it out'),
    DockerSecurityOptions: NOT_ON_FARGATE('leave it out'),
    ExtraHosts: NOT_ON_FARGATE('use Service Connect names'),
    Hostname: NOT_ON_FARGATE('leave it out'),
    Links: NOT_ON_FARGATE('containers of a task reach each other at localhost'),
    Privileged: NOT_ON_FARGATE('leave it out'),
    ResourceRequirements: refused('tasks get no GPU', 'leave it out'),
    CredentialSpecs: refused('there is no Active Directory', 'leave it out'),
  },
  parts: { LinuxParameters: LINUX_PARAMETERS, LogConfiguration: LOG_CONFIGURATION, PortMappings: PORT_MAPPING },
});

const VOLUME = shape({
  reads: ['Name'],
  others: {
    EFSVolumeConfiguration: refused(
      'EFS is not mounted',
      'give the volume a name only: an empty directory of the task',
    ),
    DockerVolumeConfiguration: NOT_ON_FARGATE('give the volume a name only: an empty directory of the task'),
    FSxWindowsFileServerVolumeConfiguration: NOT_ON_FARGATE('give the volume a name only'),
    S3FilesVolumeConfiguration: refused('S3 is not mounted', 'give the volume a name only'),
    ConfiguredAtLaunch: refused(
      'EBS volumes are not made',
      'give the volume a name only: an empty directory of the task',
    ),
  },
  parts: {
    Host: shape({
      reads: [],
      others: { SourcePath: NOT_ON_FARGATE('leave it out: an empty directory of the task') },
    }),
  },
});

const AWSVPC = refused('tasks have a network interface of their own', 'use awsvpc, as Fargate does');
const FARGATE = refused('there are no EC2 instances', 'add FARGATE');

export const TASK_DEFINITION = shapeOf(
  Definition,
  {
    others: {
      ExecutionRoleArn: ignored('only permissions of task roles are enforced'),
      EnableFaultInjection: ignored('faults are made with `highlands fault`'),
      ...TAGS,
      PidMode: refused('each container has processes of its own', 'leave it out'),
      IpcMode: NOT_ON_FARGATE('leave it out'),
      ProxyConfiguration: refused('App Mesh is not there', 'use ServiceConnectConfiguration of the service'),
      InferenceAccelerators: NOT_ON_FARGATE('leave it out'),
      PlacementConstraints: NOT_ON_FARGATE('leave it out'),
    },
    values: {
      NetworkMode: { schema: z.literal('awsvpc'), rule: AWSVPC },
      RequiresCompatibilities: {
        schema: z.array(z.string()).refine((all) => all.includes('FARGATE')),
        rule: FARGATE,
      },
    },
    required: [
      { oneOf: ['NetworkMode'], rule: AWSVPC },
      { oneOf: ['RequiresCompatibilities'], rule: FARGATE },
    ],
    parts: {
      ContainerDefinitions: CONTAINER,
      Volumes: VOLUME,
      RuntimePlatform: shape({
        reads: [],
        others: { CpuArchitecture: ignored('images run on the machine’s own processor') },
        values: {
          OperatingSystemFamily: {
            schema: z.literal('LINUX'),
            rule: refused('the local region runs Linux only', 'use LINUX'),
          },
        },
      }),
    },
  },
  ['TaskDefinitionArn', 'Revision'],
);
