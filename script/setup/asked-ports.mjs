/** The ports that a command is about to listen on, from what was typed: before there is a library that reads options. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const DEFAULTS = JSON.parse(
  readFileSync(fileURLToPath(new URL('../../local/region/ports.json', import.meta.url)), 'utf8'),
);

/** What is no port gets its complaint from the command itself. */
const portIn = (text) =>
  /^\d{1,5}$/.test(text ?? '') && Number(text) > 0 && Number(text) < 65_536 ? Number(text) : undefined;

/** @returns what lookAtPort takes, for each. @param defaults as in ports.json */
export function askedPorts(command, args, defaults = DEFAULTS) {
  if (!['up', 'neighbours'].includes(command)) return [];
  const { values } = parseArgs({
    args,
    strict: false,
    options: { port: { type: 'string' }, 'console-port': { type: 'string' } },
  });
  const typed = command === 'up' ? 'npm start -- --' : `npm run ${command} -- --`;
  const at = (option, port, reserved) => ({
    port,
    reserved,
    choose: (free) => `\`${typed}${option} ${free}\``,
  });
  const front = values.port === undefined ? defaults.front : portIn(values.port);
  const console = portIn(values['console-port']);
  return [
    ...(front === undefined ? [] : [at('port', front, [console ?? defaults.console, defaults.endpoint])]),
    ...(console === undefined ? [] : [at('console-port', console, [front ?? defaults.front, defaults.endpoint])]),
  ];
}

/** Whether the region of this state runs: then its ports are its own. */
export function regionRuns(state) {
  const file = join(state, 'run/region.json');
  try {
    const { supervisorPid, ended } = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
    return ended === undefined && supervisorPid !== undefined && process.kill(supervisorPid, 0);
  } catch {
    return false;
  }
}
