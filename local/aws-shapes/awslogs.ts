/** The awslogs driver: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_awslogs.html */
import { z } from 'zod';

export interface AwsLogs {
  readonly group: string;
  readonly streamPrefix: string;
  readonly createGroup: boolean;
}

/** A `logConfiguration`; other drivers send elsewhere, so they are undefined. */
export const LogConfiguration = z
  .object({ logDriver: z.string().optional(), options: z.record(z.string(), z.string()).default({}) })
  .transform(({ logDriver, options }): AwsLogs | undefined => {
    const group = options['awslogs-group'];
    if (logDriver !== 'awslogs' || group === undefined) return undefined;
    return {
      group,
      streamPrefix: options['awslogs-stream-prefix'] ?? '',
      createGroup: options['awslogs-create-group'] === 'true',
    };
  });
