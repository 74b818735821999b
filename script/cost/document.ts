/** The tables of docs/cost.md. */
import { monthly, perMillionRequests, type Line, type PriceList } from './bill.ts';
import { row } from '../markdown.ts';
import { quantities, type Settings } from './quantities.ts';

/** What is set in each project's `bin/app.ts`. */
export const VARIANTS: Readonly<Record<string, Settings>> = {
  'as committed': {},
  cheapest: { desiredCount: 1, natGateways: 1, spot: { percent: 99, onDemandBase: 0 } },
  // Four endpoints in two zones.
  'no NAT gateway': { natGateways: 0, endpointZones: 8 },
  // Zone-aware routing begins at twice the number of zones.
  // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect-zone-aware-routing.html
  'high availability': { desiredCount: 4, natGateways: 2 },
};

const usd = (amount: number): string => amount.toFixed(2);
const total = (lines: readonly Line[]): number => lines.reduce((sum, line) => sum + line.usd, 0);

/** @param templates the committed templates, one for each stack */
export function costTables(templates: readonly unknown[], prices: PriceList): string {
  const variants = Object.entries(VARIANTS).map(([name, settings]) => {
    const count = quantities(templates, settings);
    return { name, count, lines: monthly(count, prices) };
  });
  const [first] = variants;
  if (first === undefined) throw new Error('there is no variant');
  const cells = (of: (variant: (typeof variants)[number]) => string): string[] => variants.map(of);
  const requests = perMillionRequests(prices);
  return [
    row('USD a month', ...cells(({ name }) => name)),
    row('---', ...cells(() => '---:')),
    row('*tasks, NAT gateways*', ...cells(({ count }) => `*${count.tasks}, ${count.natGateways}*`)),
    ...first.lines
      .map(({ what }, index) => ({ what, amounts: variants.map(({ lines }) => lines[index]?.usd ?? NaN) }))
      .filter(({ amounts }) => amounts.some((amount) => amount !== 0))
      .map(({ what, amounts }) => row(what, ...amounts.map(usd))),
    row('**total**', ...cells(({ lines }) => `**${usd(total(lines))}**`)),
    '',
    row('USD for a million requests', 'all variants'),
    row('---', '---:'),
    ...requests.map((line) => row(line.what, usd(line.usd))),
    row('**total**', `**${usd(total(requests))}**`),
    '',
    `Prices of ${prices.region}, as of ${prices.asOf}:`,
    '',
    row('price', 'USD', 'for a', 'source'),
    row('---', '---:', '---', '---'),
    ...Object.entries(prices.prices).map(([name, price]) =>
      row(`\`${name}\``, String(price.usd), price.unit, price.source),
    ),
  ].join('\n');
}
