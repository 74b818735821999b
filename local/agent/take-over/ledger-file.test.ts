import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LedgerFile } from './ledger-file.ts';

const CONTENT = {
  routers: [{ vpcId: 'vpc-1', process: { pid: 7, born: 70 } }],
  ...{ tasks: [], loadBalancers: [], doors: [{ vpcId: 'vpc-1', internet: { pid: 8, born: 80 }, sides: {} }] },
};

const directory = mkdtempSync(join(tmpdir(), 'ledger-'));
const path = join(directory, 'ledger.json');
afterAll(() => {
  rmSync(directory, { recursive: true });
});

const open = (namespaces: string): { ledger: LedgerFile; said: string[] } => {
  const said: string[] = [];
  return { ledger: new LedgerFile(path, (line) => said.push(line), namespaces), said };
};

test('the next agent in the same namespaces finds what one wrote; one in others does not', async () => {
  expect(open('here 1').ledger.former).toBeUndefined();
  await open('here 1').ledger.write(CONTENT);
  expect(open('here 1').ledger.former).toEqual({ namespaces: 'here 1', ...CONTENT });
  expect(open('here 2')).toMatchObject({ said: [] });
  expect(open('here 2').ledger.former).toBeUndefined();
});

test.each([
  ['{"routers":', 'it is not JSON'],
  [
    '{"namespaces":"here 1","routers":[{"vpcId":"vpc-1","process":{"pid":-1,"born":1}}]}',
    'routers.0.process.pid is not',
  ],
])('a file that is none is said to be none: %s', (text, why) => {
  writeFileSync(path, text);
  const { ledger, said } = open('here 1');
  expect(ledger.former).toBeUndefined();
  expect(said.join()).toContain(why);
  expect(readFileSync(path, 'utf8')).toBe(text);
});
