/** Sends a minute's metrics to CloudWatch. */
import { PutMetricDataCommand, type CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { Datum } from '../core/metrics/metric-data.ts';

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html: at most 1,000 in a request */
const MOST = 1_000;

export async function putMetrics(cloudWatch: CloudWatchClient, data: readonly Datum[], at: Date): Promise<void> {
  for (const namespace of new Set(data.map((datum) => datum.namespace))) {
    const own = data.filter((datum) => datum.namespace === namespace);
    for (let first = 0; first < own.length; first += MOST) {
      const MetricData = own.slice(first, first + MOST).map((datum) => ({
        MetricName: datum.name,
        Unit: datum.unit,
        Timestamp: at,
        Dimensions: Object.entries(datum.dimensions).map(([Name, Value]) => ({ Name, Value })),
        Values: datum.values.map(([value]) => value),
        Counts: datum.values.map(([, count]) => count),
      }));
      await cloudWatch.send(new PutMetricDataCommand({ Namespace: namespace, MetricData }));
    }
  }
}
