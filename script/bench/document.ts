/** docs/benchmarks.md, all of it. */
import { markdownTable } from '../markdown.ts';
import { figures, ratios, type Figures, type Measured, type Pair } from './figures.ts';

export interface Machine {
  readonly cores: number;
  readonly architecture: string;
  readonly kernel: string;
}

export interface Bench {
  readonly machine: Machine;
  readonly date: string;
  readonly runs: number;
  readonly measured: readonly Measured[];
  readonly pairs: readonly Pair[];
  /** How each pair is made, by what it compares. */
  readonly methods: Readonly<Record<string, string>>;
}

const cells = ({ min, median, max }: Figures, digits: number): string[] =>
  [min, median, max].map((value) => value.toFixed(digits));

export function measuredRows(measured: readonly Measured[]): string[][] {
  return measured.map(({ what, values, digits }) => [what, ...cells(figures(values), digits)]);
}

/** Medians of both sides, and the first divided by the second. */
export function pairRows(pairs: readonly Pair[]): string[][] {
  return pairs.map((pair) => {
    const { what, unit, first, second, digits, samples } = pair;
    const median = (side: 'first' | 'second'): string =>
      figures(samples.map((sample) => sample[side])).median.toFixed(digits);
    const sides = [`${first}: ${median('first')}`, `${second}: ${median('second')}`];
    return [`${what}, ${unit}`, ...sides, ...cells(ratios(pair), 2)];
  });
}

export const MEASURED_HEAD = ['', 'min', 'median', 'max'];
export const PAIR_HEAD = ['', 'median of one', 'median of the other', 'ratio min', 'ratio median', 'ratio max'];

export function benchDocument({ machine, date, runs, measured, pairs, methods }: Bench): string {
  const { cores, architecture, kernel } = machine;
  return `# Benchmarks

\`npm run bench\` measures this and writes this page; it asserts nothing, because machines differ.

${String(cores)} cores, ${architecture}, Linux ${kernel}; ${date}; ${String(runs)} ${runs === 1 ? 'run' : 'runs'}.

## One against the other

Both sides of a pair are measured one right after the other in every run, and so is the ratio: the first divided by the
second. Below 1 the first takes less time, or answers less.

${markdownTable(PAIR_HEAD, 3, pairRows(pairs))}

How each pair is made:

${Object.entries(methods)
  .map(([what, how]) => `- **${what}**: ${how}`)
  .join('\n')}

## By itself

${markdownTable(MEASURED_HEAD, 1, measuredRows(measured))}
`;
}
