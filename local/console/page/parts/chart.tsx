/** A time chart by uPlot. Colours are the page's; series also differ in dash, and the legend says the values. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { theme } from '../state/theme.ts';

export interface Series {
  readonly label: string;
  /** A colour of tokens.css, such as `--ok`. */
  readonly color: string;
  readonly dash?: readonly number[];
  readonly fill?: boolean;
  readonly values: readonly (number | null)[];
}

export interface ChartProps {
  readonly title: string;
  /** Epoch seconds. */
  readonly times: readonly number[];
  readonly series: readonly Series[];
  readonly format: (value: number) => string;
}

const HEIGHT = 132;

/** What a custom property comes to: canvas knows neither `var()` nor `light-dark()`. */
function color(name: string, element: Element): string {
  const probe = element.appendChild(document.createElement('i'));
  probe.style.color = `var(${name})`;
  const { color: found } = getComputedStyle(probe);
  probe.remove();
  return found;
}

const CLOCK = new Intl.DateTimeFormat('en-GB', { timeStyle: 'short' });

function options({ series, format }: ChartProps, element: HTMLElement, onPoint: (at: number | undefined) => void) {
  const axis = {
    stroke: color('--muted', element),
    grid: { stroke: color('--line', element), width: 1 },
    ticks: { show: false },
    font: '11px Inter, system-ui, sans-serif',
  };
  return {
    width: element.clientWidth,
    height: HEIGHT,
    cursor: { y: false, points: { size: 6 }, drag: { x: false, y: false }, sync: { key: 'console' } },
    legend: { show: false },
    padding: [6, 14, 0, 0],
    // Space above the highest value, and a scale where everything is 0.
    scales: { y: { range: (_, __, most) => [0, most > 0 ? most * 1.1 : 1] } },
    axes: [
      {
        ...axis,
        grid: { show: false },
        size: 22,
        space: 70,
        // Whole minutes only: seconds say little and take room.
        incrs: [60, 120, 300],
        values: (_, splits) => splits.map((at) => CLOCK.format(at * 1000)),
      },
      { ...axis, size: 54, space: 32, values: (_, splits) => splits.map(format) },
    ],
    series: [
      {},
      ...series.map(({ label, color: name, dash, fill }) => ({
        label,
        stroke: color(name, element),
        width: 1.5,
        points: { show: false },
        // Envoy says percentiles every five seconds: https://www.envoyproxy.io/docs/envoy/latest/operations/stats_overview
        spanGaps: true,
        ...(dash === undefined ? {} : { dash: [...dash] }),
        ...(fill === true ? { fill: color(`${name}-soft`, element) } : {}),
      })),
    ],
    hooks: {
      setCursor: [
        ({ cursor }) => {
          onPoint(cursor.idx ?? undefined);
        },
      ],
    },
  } satisfies uPlot.Options;
}

const dataOf = ({ times, series }: ChartProps): uPlot.AlignedData => [
  [...times],
  ...series.map(({ values }) => [...values]),
];

export function Chart(props: ChartProps): JSX.Element {
  const element = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const [point, setPoint] = useState<number>();
  const shape = props.series.map(({ label }) => label).join();
  useEffect(() => {
    const parent = element.current;
    if (parent === null) return undefined;
    const made = new uPlot(options(props, parent, setPoint), dataOf(props), parent);
    plot.current = made;
    const resize = new ResizeObserver(() => {
      made.setSize({ width: parent.clientWidth, height: HEIGHT });
    });
    resize.observe(parent);
    return () => {
      resize.disconnect();
      made.destroy();
    };
  }, [theme.value, shape]);
  useEffect(() => {
    plot.current?.setData(dataOf(props));
  }, [props.times]);
  return (
    <figure class="chart card">
      <figcaption class="chart-head">
        <h4>{props.title}</h4>
        <Legend {...props} at={point} />
      </figcaption>
      <div ref={element} aria-hidden="true" />
    </figure>
  );
}

/** The values below the pointer, or the latest: what the picture shows, in words. */
function Legend({ series, format, at }: ChartProps & { at: number | undefined }): JSX.Element {
  return (
    <ul class="chart-legend">
      {series.map(({ label, color: name, dash, values }) => (
        <li key={label}>
          <svg width="14" height="4" aria-hidden="true" style={{ color: `var(${name})` }}>
            <path d="M0 2H14" stroke="currentColor" stroke-width="2.5" stroke-dasharray={dash?.join(' ')} />
          </svg>
          {label} <b>{sayValue(at === undefined ? latest(values) : values[at], format)}</b>
        </li>
      ))}
    </ul>
  );
}

/** Percentiles come every five seconds only, see above. */
const latest = (values: readonly (number | null)[]): number | null | undefined =>
  values.slice(-6).findLast((value) => value !== null);

const sayValue = (value: number | null | undefined, format: (value: number) => string): string =>
  value === null || value === undefined ? '–' : format(value);
