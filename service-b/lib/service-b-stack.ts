import {
  ConnectedService,
  ExportedService,
  importBaseInfra,
  importService,
  type ServiceSettings,
} from '@highlands/connected-service';
import { Stack, type StackProps } from 'aws-cdk-lib';
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
    const service = new ConnectedService(this, 'ServiceB', {
      ...props,
      ...importBaseInfra(this, 'BaseInfra', 'service-b'),
      aliasPort: 8082,
    });
    service.calls(importService(this, 'ServiceA', 'service-a'));
    service.calls(importService(this, 'ServiceC', 'service-c'));
    new ExportedService(this, 'Export', { endpoint: service.endpoint });
    new PublicRoute(this, 'PublicRoute', {
      service,
      ...(props.requestsPerTarget !== undefined && { requestsPerTarget: props.requestsPerTarget }),
    });
  }
}
