/**
 * Every command of every document is typed, in the order of the documents, in one shell beside a local region, or stands on
 * the list of those that are not, with the reason.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { newCredentials } from '../../local/supervisor/new-credentials.ts';
import { regionVariables, UNSET } from '../../local/region/environment.ts';
import { INSTALLED } from '../../local/region/paths.ts';
import { highlands, PORT, ROOT, STATE } from '../e2e/harness.ts';
import { NOT_RUN, type NotRun } from './not-run.ts';
import { Shell } from './shell.ts';
import { statementsIn } from './statements.ts';

/** The README first: it starts the region that the others speak of. The examples have a region and a test of their own. */
const documents = execFileSync('git', ['ls-files', '*.md', ':!examples/*/*'], { cwd: ROOT, encoding: 'utf8' })
  .trim()
  .split('\n');
const statements = documents.flatMap((file) => statementsIn(file, readFileSync(join(ROOT, file), 'utf8')));

const matches = ({ command }: NotRun, text: string): boolean =>
  command.endsWith('…') ? text.startsWith(command.slice(0, -1)) : text === command;

/** The end of the session, wherever it stands. */
const LAST = 'npm stop';
// What was typed once is not typed again: a start that runs, the cluster's name.
const texts = statements.map(({ text }) => text);
const typed = statements.filter(
  ({ text }, index) => texts.indexOf(text) === index && text !== LAST && !NOT_RUN.some((entry) => matches(entry, text)),
);

/** The region of a test is not at the port of the documents. */
const here = (text: string): string =>
  text
    .replace(/^npm start$/, `npm start -- --port ${String(PORT)}`)
    .replaceAll('localhost:8080', `localhost:${String(PORT)}`);

let shell: Shell;
let broken: string | undefined;
let block = '';
beforeAll(() => {
  // Until the documents say where AWS is, it is nowhere: no command may find an account of the machine's user.
  const environment: NodeJS.ProcessEnv = {
    ...process.env,
    ...regionVariables({ endpoint: 'http://127.0.0.1:9', credentials: newCredentials() }),
  };
  for (const name of UNSET) Reflect.deleteProperty(environment, name);
  environment['PATH'] = `${join(INSTALLED, 'venv/bin')}:${process.env['PATH'] ?? ''}`;
  // The projects' own folders stay as they are.
  environment['CDK_OUTPUT'] = join(STATE, 'cdk.out');
  shell = new Shell(ROOT, environment);
});
afterAll(async () => {
  shell.end();
  await highlands('down');
});

/** What tells a command from others: `--app` of `npm run highlands -- up --app …`. */
const lastWord = (command: string): string => /([a-z_-]*[a-z]+)[^a-z]*$/.exec(command)?.[1] ?? command;

test.each(NOT_RUN)('$command is in a document', (entry) => {
  const { command, coveredBy } = entry;
  expect(texts.filter((text) => matches(entry, text))).not.toEqual([]);
  if (coveredBy !== undefined)
    expect(readFileSync(join(ROOT, coveredBy), 'utf8').match(/[a-z_-]+/g)).toContain(lastWord(command));
});

test.each(typed)('$file:$line $text', async ({ file, line, text }) => {
  if (broken !== undefined) throw new Error(`not typed, because this failed: ${broken}`);
  // A block begins in the root, with the variables that are set.
  if (block !== `${file}:${String(line)}`) await shell.run(`cd '${ROOT}'`);
  block = `${file}:${String(line)}`;
  const { code, output } = await shell.run(here(text));
  if (code !== 0 && text.startsWith('npm start')) broken = text;
  expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
});

test(`${LAST} ends the session`, async () => {
  expect(statements.some(({ text }) => text === LAST)).toBe(true);
  expect(await shell.run(`cd '${ROOT}'; ${LAST}`)).toMatchObject({ code: 0 });
});
