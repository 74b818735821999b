/** A template with one service and everything that it needs, for tests to put something odd into. */

export type Json = Record<string, unknown>;
export const CONTAINER = { Name: 'app', Image: 'probe:1', PortMappings: [{ ContainerPort: 3000 }] };
const DEFINITION = {
  Family: 'odd',
  Cpu: '256',
  Memory: '512',
  NetworkMode: 'awsvpc',
  RequiresCompatibilities: ['FARGATE'],
};

/** A service with everything that it needs, and what is odd about it. */
export function app({
  container = {},
  definition = {},
  service = {},
  rule = {},
  subnet = '10.9.0.0/24',
  vpc = '10.9.0.0/16',
  more = {},
  svc = {},
}: {
  container?: Json;
  definition?: Json;
  service?: Json;
  rule?: Json;
  subnet?: string;
  vpc?: string;
  more?: Json;
  svc?: Json;
}) {
  const ingress = { IpProtocol: 'tcp', FromPort: 3000, ToPort: 3000, CidrIp: '0.0.0.0/0', ...rule };
  const AwsvpcConfiguration = { Subnets: [{ Ref: 'Subnet' }], SecurityGroups: [{ 'Fn::GetAtt': ['Open', 'GroupId'] }] };
  const Service = {
    Type: 'AWS::ECS::Service',
    Properties: {
      ServiceName: 'odd',
      Cluster: { Ref: 'Cluster' },
      LaunchType: 'FARGATE',
      TaskDefinition: { Ref: 'Def' },
      DesiredCount: 1,
      NetworkConfiguration: { AwsvpcConfiguration },
      ...service,
    },
    ...svc,
  };
  return {
    Resources: {
      Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: vpc } },
      Subnet: { Type: 'AWS::EC2::Subnet', Properties: { VpcId: { Ref: 'Vpc' }, CidrBlock: subnet } },
      Open: {
        Type: 'AWS::EC2::SecurityGroup',
        Properties: { GroupDescription: 'all', VpcId: { Ref: 'Vpc' }, SecurityGroupIngress: [ingress] },
      },
      Cluster: { Type: 'AWS::ECS::Cluster' },
      Def: {
        Type: 'AWS::ECS::TaskDefinition',
        Properties: { ...DEFINITION, ContainerDefinitions: [{ ...CONTAINER, ...container }], ...definition },
      },
      Service,
      ...more,
    },
  };
}
