/** The four charts of an edge, as the console of Service Connect has them for each target. */
import type { JSX } from 'preact';
import { milliseconds, rate } from '../format.ts';
import { seconds } from '../state/live.ts';
import { columnsOf } from '../state/series.ts';
import { Chart, type Series } from './chart.tsx';

const COUNT = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

export function EdgeCharts({ edge, only }: { edge: string; only?: 2 }): JSX.Element {
  const { times, of } = columnsOf(seconds.value, edge);
  const requests: Series[] = [
    { label: '2xx', color: '--ok', fill: true, values: of((point) => point['2xx']) },
    { label: '3xx', color: '--info', dash: [2, 3], values: of((point) => point['3xx']) },
    { label: '4xx', color: '--warn', dash: [6, 3], values: of((point) => point['4xx']) },
    { label: '5xx', color: '--bad', dash: [10, 3, 2, 3], values: of((point) => point['5xx']) },
  ];
  const times_: Series[] = [
    { label: 'p50', color: '--info', values: of(({ p50Ms }) => p50Ms) },
    { label: 'p99', color: '--accent', dash: [6, 3], values: of(({ p99Ms }) => p99Ms) },
  ];
  return (
    <div class="charts">
      <Chart title="Responses a second" times={times} series={requests} format={rate} />
      <Chart title="Response time" times={times} series={times_} format={milliseconds} />
      {only === undefined && (
        <>
          <Chart
            title="Connections"
            times={times}
            series={[
              {
                label: 'open',
                color: '--accent',
                fill: true,
                values: of(({ activeConnections }) => activeConnections),
              },
              { label: 'new/s', color: '--info', dash: [6, 3], values: of(({ newConnections }) => newConnections) },
            ]}
            format={(value) => COUNT.format(value)}
          />
          <Chart
            title="Retries"
            times={times}
            series={[{ label: 'retries', color: '--warn', fill: true, values: of(({ retries }) => retries) }]}
            format={rate}
          />
        </>
      )}
    </div>
  );
}
