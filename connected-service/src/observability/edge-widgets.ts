import { GraphWidget, type IWidget } from 'aws-cdk-lib/aws-cloudwatch';
import { serviceConnectMetrics } from './service-connect-metrics.ts';

/** Four graphs fill a row of a dashboard, which is 24 wide. */
const WIDTH = 6;

/** One row of a dashboard: what goes over the edge to a service, and how it is answered. */
export function edgeWidgets(title: string, discoveryName: string): IWidget[] {
  const { requests, newConnections, activeConnections, responseTime, responses } = serviceConnectMetrics(discoveryName);
  const fromZero = { min: 0 };
  return [
    new GraphWidget({ title: `${title}: requests`, width: WIDTH, left: [requests], leftYAxis: fromZero }),
    new GraphWidget({
      title: `${title}: response time`,
      width: WIDTH,
      left: [responseTime('p50'), responseTime('p99')],
      leftYAxis: { ...fromZero, label: 'ms', showUnits: false },
    }),
    new GraphWidget({
      title: `${title}: answers`,
      width: WIDTH,
      stacked: true,
      left: (['2XX', '3XX', '4XX', '5XX'] as const).map((statusClass) => responses(statusClass)),
      leftYAxis: fromZero,
    }),
    new GraphWidget({
      title: `${title}: connections`,
      width: WIDTH,
      left: [newConnections, activeConnections],
      leftYAxis: fromZero,
    }),
  ];
}
