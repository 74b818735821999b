import type { Duration } from 'aws-cdk-lib';

export interface BlueGreenOptions {
  /**
   * How long the old tasks stay after all traffic has moved to the new ones: until then, going back takes seconds.
   * Whole minutes, up to a day.
   */
  readonly bakeTime: Duration;
  /**
   * Requests with this header reach the new tasks before the others do. Behind a public load balancer anyone may send
   * it: give a value that only testers know.
   * @default - `x-amzn-ecs-blue-green-test` with any value, as ECS has it
   */
  readonly testHeader?: TestHeader;
}

/** A header that marks a request as a test. */
export interface TestHeader {
  /** Name of the header. */
  readonly name: string;
  /**
   * The one value that counts.
   * @default - any value
   */
  readonly value?: string;
}

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect-blue-green.html */
const DEFAULT_TEST_HEADER: TestHeader = { name: 'x-amzn-ecs-blue-green-test' };

export function testHeader(options: BlueGreenOptions): TestHeader {
  return options.testHeader ?? DEFAULT_TEST_HEADER;
}

/**
 * TestTrafficRules of a client alias as CloudFormation writes them; CDK's construct has no property for it.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-ecs-service-serviceconnecttesttrafficrules.html
 */
export function testTrafficRules(options: BlueGreenOptions): object {
  const { name, value } = testHeader(options);
  return { Header: { Name: name, ...(value !== undefined && { Value: { Exact: value } }) } };
}

/** CDK would cut a fraction of a minute off, or refuse it in words about units. */
export function requireBakeTime({ bakeTime }: BlueGreenOptions): void {
  const minutes = bakeTime.toMinutes({ integral: false });
  if (Number.isInteger(minutes) && minutes <= 1440) return;
  throw new Error(`blueGreen.bakeTime is ${minutes} minutes: give whole minutes, 1440 (a day) at most`);
}
