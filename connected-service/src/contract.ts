import { CfnOutput, Fn, Validations } from 'aws-cdk-lib';
import { type IVpc, SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { type IRepository, Repository } from 'aws-cdk-lib/aws-ecr';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import {
  AVAILABILITY_ZONE_COUNT,
  BASE_INFRA_PARAMETERS,
  baseInfraParameter,
  type BaseInfraValue,
  discoveryName,
  serviceExports,
  serviceParameters,
} from './names.ts';
import type { ServiceEndpoint } from './service-endpoint.ts';
import { stageOf } from './stage.ts';

/*
 * How the four apps meet. SSM carries what base-infra offers: a service reads it at deploy time, and base-infra stays
 * free to change. CloudFormation exports carry what must not vanish under a consumer: a service's URL and security
 * group. Nothing is looked up at synth, so every template is the same with no account, region or network.
 * https://docs.aws.amazon.com/cdk/v2/guide/best-practices.html#best-practices-apps
 */

export interface PublishedBaseInfraProps {
  /** Every value of the contract; to leave one out is a type error. */
  readonly values: Readonly<Record<BaseInfraValue, string>>;
}

/** Writes base-infra's contract. */
export class PublishedBaseInfra extends Construct {
  constructor(scope: Construct, id: string, props: PublishedBaseInfraProps) {
    super(scope, id);
    for (const key of Object.keys(BASE_INFRA_PARAMETERS) as BaseInfraValue[]) {
      const parameterName = baseInfraParameter(key, stageOf(this));
      // The id is a constant of names.ts, not configuration: it changes only when the contract does.
      new StringParameter(this, key, { parameterName, stringValue: props.values[key] });
    }
  }
}

/** Reads one value of base-infra's contract, resolved by CloudFormation at deploy time. */
export function readBaseInfra(scope: Construct, key: BaseInfraValue): string {
  return StringParameter.valueForStringParameter(scope, baseInfraParameter(key, stageOf(scope)));
}

/** The VPC of base-infra, read-only: public and isolated subnets are left out because no service runs there. */
export function importVpc(scope: Construct, id: string): IVpc {
  const vpc = Vpc.fromVpcAttributes(scope, id, {
    vpcId: readBaseInfra(scope, 'vpcId'),
    // As base-infra's VPC has them. No template of a service names a zone; a parameter for them would stay unused.
    availabilityZones: Array.from({ length: AVAILABILITY_ZONE_COUNT }, (_, zone) => Fn.select(zone, Fn.getAzs())),
    // The length is stated, so that CDK sees a list of known size instead of a list token it cannot take apart.
    // https://github.com/aws/aws-cdk/issues/4118
    privateSubnetIds: Fn.split(',', readBaseInfra(scope, 'privateSubnetIds'), AVAILABILITY_ZONE_COUNT),
  });
  Validations.of(vpc).acknowledge({
    id: 'Annotation::@aws-cdk/aws-ec2:noSubnetRouteTableId',
    reason: 'A service adds no routes, so base-infra keeps its route tables to itself',
  });
  return vpc;
}

export interface PublishedRepositoryProps {
  /** The service whose images it holds. */
  readonly service: string;
  /** The repository to publish. */
  readonly repository: IRepository;
}

/** Writes where a service's images go. */
export class PublishedRepository extends Construct {
  constructor(scope: Construct, id: string, props: PublishedRepositoryProps) {
    super(scope, id);
    const { service, repository } = props;
    const names = serviceParameters(service, stageOf(this));
    new StringParameter(this, 'Name', { parameterName: names.repositoryName, stringValue: repository.repositoryName });
    new StringParameter(this, 'Uri', { parameterName: names.repositoryUri, stringValue: repository.repositoryUri });
  }
}

/** The repository a service may pull from. */
export function importRepository(scope: Construct, id: string, service: string): IRepository {
  const name = StringParameter.valueForStringParameter(
    scope,
    serviceParameters(service, stageOf(scope)).repositoryName,
  );
  return Repository.fromRepositoryName(scope, id, name);
}

/** The image to run: a full reference by digest, written by the publish step. */
export function readImage(scope: Construct, service: string): string {
  return StringParameter.valueForStringParameter(scope, serviceParameters(service, stageOf(scope)).image);
}

export interface ExportedServiceProps {
  /** What its callers get. */
  readonly endpoint: ServiceEndpoint;
}

/** Exports a service for its callers. */
export class ExportedService extends Construct {
  constructor(scope: Construct, id: string, props: ExportedServiceProps) {
    super(scope, id);
    const names = serviceExports(props.endpoint.name, stageOf(this));
    new CfnOutput(this, 'Url', { value: props.endpoint.url, exportName: names.url });
    new CfnOutput(this, 'SecurityGroupId', {
      value: props.endpoint.securityGroup.securityGroupId,
      exportName: names.securityGroupId,
    });
  }
}

/**
 * Imports a service to call. CloudFormation then refuses to deploy the caller first, which Service Connect needs: a
 * task resolves only the names that existed when its deployment was made.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect-concepts-deploy.html
 */
export function importService(scope: Construct, id: string, service: string): ServiceEndpoint {
  const names = serviceExports(service, stageOf(scope));
  return {
    name: service,
    discoveryName: discoveryName(service, stageOf(scope)),
    url: Fn.importValue(names.url),
    securityGroup: SecurityGroup.fromSecurityGroupId(scope, id, Fn.importValue(names.securityGroupId)),
  };
}
