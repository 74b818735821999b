import { Stack } from 'aws-cdk-lib';
import { ConnectedService, type ConnectedServiceProps, newApp } from '../src/index.ts';

export const PROPS: ConnectedServiceProps = { name: 'service-c', aliasPort: 8081, desiredCount: 3 };

/** A stack of one service, with the options that a test is about. */
export function stackWith(props: Partial<ConnectedServiceProps> = {}): Stack {
  const stack = new Stack(newApp(), 'Test');
  new ConnectedService(stack, 'Service', { ...PROPS, ...props });
  return stack;
}
