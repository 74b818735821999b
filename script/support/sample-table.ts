/** The tables of docs/any-app-sample.md. */
import { refusedMost, type SampleRow } from '../../local/apps/testing/sample.ts';
import { markdownTable } from '../markdown.ts';

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
/** The three that fail most are what is asked for. */
const MOST = 3;

function becomes([first, ...more]: SampleRow['refused']): string {
  if (first === undefined) return 'accepted';
  const reason = first.what === '' ? first.note : `${first.what}: ${first.note}`;
  return `refused: ${cell(reason)}${more.length === 0 ? '' : ` (and ${more.length} more)`}`;
}

export function sampleTables(rows: readonly SampleRow[]): string {
  const accepted = rows.filter(({ refused }) => refused.length === 0);
  const apps = rows.map(({ name, shape, needs, refused }) => [name, cell(shape), needs.join(', '), becomes(refused)]);
  const most = refusedMost(rows)
    .slice(0, MOST)
    .map(([reason, names]) => [cell(reason), names.join(', '), String(names.length)]);
  return [
    `${accepted.length} of ${rows.length} are accepted.`,
    markdownTable(['app', 'shape', 'needs', 'here'], 4, apps),
    'What most of the others are refused for:',
    markdownTable(['reason', 'apps', 'how many'], 2, most),
  ].join('\n\n');
}
