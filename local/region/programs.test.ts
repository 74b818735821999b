/** Programs are known by their command lines, as they were built and from their sources. */
import { isProgram } from './programs.ts';

const BUILT = ['/usr/bin/node', '/state/programs/0123/console.mjs', '--port', '8081'];
const FROM_SOURCES = ['/usr/bin/node', '--import', 'tsx', '/repository/local/console/main.ts', '--port', '8081'];

test.each([
  ['built', BUILT],
  ['started from its sources', FROM_SOURCES],
])('a program that was %s is known by its command line, and taken for no other', (_how, commandLine) => {
  expect(isProgram('console', commandLine)).toBe(true);
  expect(isProgram('agent', commandLine)).toBe(false);
});
