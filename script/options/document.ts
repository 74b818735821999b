/** The tables of docs/options.md. */
import { markdownTable } from '../markdown.ts';
import { COSTS } from './costs.ts';
import { settingsOf } from './settings.ts';

/** What is set where, by the interface that says so; in the order of the document. */
const PARTS = [
  { title: '`base-infra/bin/app.ts`', of: 'BaseInfraStackProps', without: undefined },
  { title: '`bin/app.ts` of every service', of: 'ServiceSettings', without: undefined },
  { title: '`service-b/bin/app.ts` besides', of: 'ServiceBStackProps', without: 'ServiceSettings' },
  {
    title: '`newApp(...)` and `newStage(app, name, ...)` in every `bin/app.ts`',
    of: 'StageOptions',
    without: undefined,
  },
] as const;

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll(/https:\/\/\S+/g, (url) => `<${url}>`);

const HEAD = ['setting', 'what it does', 'default', 'costs (USD)'];

export function optionTables(): string {
  const known = new Set<string>();
  const tables = PARTS.map(({ title, of, without }) => {
    const others = without === undefined ? [] : settingsOf(without).map(({ name }) => name);
    const settings = settingsOf(of).filter(({ name }) => !others.includes(name));
    for (const { name } of settings) known.add(name);
    const rows = settings.map(({ name, sentence, default: value }) => [
      `\`${name}\``,
      cell(sentence),
      cell(value ?? '*to be given*'),
      COSTS[name] ?? '',
    ]);
    return `### ${title}\n\n${markdownTable(HEAD, HEAD.length, rows)}`;
  });
  const unknown = Object.keys(COSTS).filter((name) => !known.has(name));
  if (unknown.length > 0) throw new Error(`script/options/costs.ts has no setting ${unknown.join(', ')}: take it out`);
  return tables.join('\n\n');
}
