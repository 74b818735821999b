/** How long a target that leaves may finish what it has begun: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html#deregistration-delay */
import {
  DescribeTargetGroupAttributesCommand,
  type ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { whole } from '../../aws-shapes/loose.ts';

const KEY = 'deregistration_delay.timeout_seconds';
/** The limits and the default of the page above. */
const Delay = whole(0, 3600).default(300);

/** @returns seconds, the longest of the groups; that of a group that can't be read is the default */
export async function deregistrationDelay(
  elbv2: Pick<ElasticLoadBalancingV2Client, 'send'>,
  targetGroupArns: readonly string[],
): Promise<number> {
  const delays = targetGroupArns.map(async (TargetGroupArn) => {
    const { Attributes = [] } = await elbv2
      .send(new DescribeTargetGroupAttributesCommand({ TargetGroupArn }))
      .catch(() => ({ Attributes: [] }));
    const read = Delay.safeParse(Attributes.find(({ Key }) => Key === KEY)?.Value);
    return read.success ? read.data : Delay.parse(undefined);
  });
  return Math.max(0, ...(await Promise.all(delays)));
}
