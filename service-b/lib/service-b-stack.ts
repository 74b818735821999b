import {
  ConnectedService,
  CONTAINER_PORT,
  discoveryName,
  ExportedService,
  importBaseInfra,
  importService,
  type ServiceSettings,
  stageOf,
} from '@highlands/connected-service';
import { Stack, type StackProps } from 'aws-cdk-lib';
import { Port } from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import { PublicRoute } from './public-route.ts';

export interface ServiceBStackProps extends StackProps, ServiceSettings {
  /**
   * How many requests a minute should each task get before `scaling` starts more?
   * @default - the number of requests does not count
   */
  readonly requestsPerTarget?: number;
}

/** service-b: calls service-a and service-c, and is the one service the public reaches. */
export class ServiceBStack extends Stack {
  constructor(scope: Construct, id: string, props: ServiceBStackProps) {
    super(scope, id, { description: 'Highlands service-b: a Fargate service with a public route', ...props });
    const serviceA = importService(this, 'ServiceA', 'service-a');
    const serviceC = importService(this, 'ServiceC', 'service-c');

    const service = new ConnectedService(this, 'ServiceB', {
      ...props,
      ...importBaseInfra(this, 'BaseInfra', 'service-b'),
      aliasPort: 8082,
      environment: { SERVICE_A_URL: serviceA.url, SERVICE_C_URL: serviceC.url },
    });
    const { fargateService } = service;

    // The edges of the mesh, one line each: egress of the caller and ingress of the called. They live with the caller:
    // what no longer calls takes its permission away with it.
    const web = Port.tcp(CONTAINER_PORT);
    fargateService.connections.allowTo(serviceA.securityGroup, web, 'service-b calls service-a');
    fargateService.connections.allowTo(serviceC.securityGroup, web, 'service-b calls service-c');
    for (const callee of ['service-a', 'service-c'] as const) {
      service.observability?.watchCall(discoveryName(callee, stageOf(this)));
    }
    // The rules are in place before the first task runs, and until the last one is gone.
    fargateService.node.addDependency(serviceA.securityGroup, serviceC.securityGroup);

    new ExportedService(this, 'Export', { endpoint: service.endpoint });
    new PublicRoute(this, 'PublicRoute', {
      service,
      ...(props.requestsPerTarget !== undefined && { requestsPerTarget: props.requestsPerTarget }),
    });
  }
}
