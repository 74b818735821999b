/**
 * The command that does what an action asks for. The server runs it, the page shows it, and a test holds it against the
 * definition of the command line: one writer. What it imports at run time the page can have too.
 */
import { shellWord } from '../terminal/shell-word.ts';
import type { ActionInput } from './protocol/actions.ts';

export interface CommandLine {
  readonly program: 'highlands' | 'curl';
  readonly args: readonly string[];
}

const option = (name: string, value: string | number | undefined): string[] =>
  value === undefined ? [] : [`--${name}`, String(value)];

/** The last line of the output: how long it took, in seconds. */
const TIME = String.raw`\n%{time_total}`;

function curl({ method = 'GET', body, url }: Extract<ActionInput, { action: 'request' }>): string[] {
  const verb = method === 'HEAD' ? ['--head'] : method === 'GET' ? [] : ['--request', method];
  // 20 s: more than the longest default of a request in Service Connect.
  return [
    '--silent',
    '--show-error',
    '--include',
    '--max-time',
    '20',
    // One request, whatever is in brackets: https://curl.se/docs/manpage.html#-g
    '--globoff',
    ...verb,
    '--write-out',
    TIME,
    ...option('data-raw', body),
    url,
  ];
}

export function commandOf(action: ActionInput): CommandLine {
  const highlands = (...args: string[]): CommandLine => ({ program: 'highlands', args });
  switch (action.action) {
    case 'request':
      if (action.from === undefined) return { program: 'curl', args: curl(action) };
      return highlands('exec', action.from, '--', 'curl', ...curl(action));
    case 'load': {
      const { ratePerSecond, seconds, connections = 4, from } = action;
      const bounds = [...option('rate', ratePerSecond), ...option('time', `${String(seconds)}s`)];
      return highlands('load', action.url, ...bounds, ...option('connections', connections), ...option('from', from));
    }
    case 'fault': {
      const { abortStatus, delayMs, percent = 100 } = action;
      const delay = delayMs === undefined ? undefined : `${String(delayMs)}ms`;
      const what = [...option('abort', abortStatus), ...option('delay', delay)];
      return highlands('fault', action.service, ...what, ...(percent === 100 ? [] : option('percent', percent)));
    }
    case 'kill':
      return highlands('fault', action.service, '--kill');
    case 'lose-zone':
      return highlands('fault', '--az', action.zone);
    case 'clear':
      return highlands('fault', ...(action.service === undefined ? [] : [action.service]), '--clear');
    case 'scale':
      return highlands('scale', action.service, String(action.count));
    case 'stop-task':
      return highlands('stop-task', action.task);
    case 'redeploy':
      return highlands('redeploy', action.service);
  }
}

/** As it is typed in the project's folder. */
export function commandText(action: ActionInput): string {
  const { program, args } = commandOf(action);
  const words = args.map(shellWord).join(' ');
  return program === 'curl' ? `curl ${words}` : `npm run highlands -- ${words}`;
}
