/** The table of docs/load-balancer.md. */
import { LOAD_BALANCER_ROWS } from '../../local/agent/testing/load-balancer-rows.ts';

const DIRECTORY = 'local/agent/core/envoy';
const cell = (text: string): string => text.replaceAll('|', '\\|');

export function loadBalancerTable(): string {
  const rows = Object.entries(LOAD_BALANCER_ROWS).flatMap(([file, own]) =>
    own.map(({ test, page: [title, address], differs = '' }) => {
      const link = `[${file.replace('.test.ts', '')}](../${DIRECTORY}/${file})`;
      return `| ${cell(test)} | [${title}](${address}) | ${link} | ${cell(differs)} |`;
    }),
  );
  return [
    '| behaviour, which is the name of its test | AWS’s page | test | different on purpose |',
    '|---|---|---|---|',
    ...rows,
  ].join('\n');
}
