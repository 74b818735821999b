import { Stack } from 'aws-cdk-lib';
import { ConnectedService, type ConnectedServiceProps, importBaseInfra, newApp } from '../src/index.ts';

export const PROPS = { aliasPort: 8081, desiredCount: 3 } as const;

/** service-c in a stack, with the options that a test is about. */
export function serviceIn(stack: Stack, props: Partial<ConnectedServiceProps> = {}): ConnectedService {
  return new ConnectedService(stack, 'Service', {
    ...PROPS,
    ...importBaseInfra(stack, 'BaseInfra', 'service-c'),
    ...props,
  });
}

/** A stack of one service, with the options that a test is about. */
export function stackWith(props: Partial<ConnectedServiceProps> = {}): Stack {
  const stack = new Stack(newApp(), 'Test');
  serviceIn(stack, props);
  return stack;
}
