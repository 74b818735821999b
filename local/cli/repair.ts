/** What to do next in a region whose deploy failed. Pure. */
import type { AppOptions } from '../apps/app.ts';
import { shellWord } from '../terminal/shell-word.ts';

/** Images first: a deploy that failed may have come before them. */
export const OURS_AGAIN = ['npm run highlands -- publish', 'npm run highlands -- deploy'] as const;

/** The command that deploys the same apps into the region that runs. */
export function deployCommand({ app, template, parameter, ssm, image }: AppOptions): string {
  const given = [
    ...app.flatMap((directory) => ['--app', directory]),
    ...template.flatMap((file) => ['--template', file]),
    ...Object.entries({ parameter, ssm, image }).flatMap(([option, values]) =>
      Object.entries(values).flatMap(([name, value]) => [`--${option}`, `${name}=${value}`]),
    ),
  ];
  return ['npm run highlands -- deploy', ...given.map(shellWord)].join(' ');
}

/** More than these are in `status`. */
const SERVICES_NAMED = 3;

/**
 * @param again the commands that deploy the same
 * @param services those that something is wrong with
 */
export function repairText(again: readonly string[], services: readonly string[], foreground: boolean): string {
  const rows = [
    ['npm run status', 'what runs, and what is wrong'],
    ...[...new Set(services)]
      .slice(0, SERVICES_NAMED)
      .map((name) => [`npm run logs -- ${shellWord(name)}`, 'what it said']),
    ...again.map((command) => [command, '']),
    foreground ? ['Ctrl-C', 'remove everything'] : ['npm stop', 'remove everything'],
  ];
  const width = Math.min(40, Math.max(...rows.map(([command = '']) => command.length)));
  const lines = rows.map(([command = '', what = '']) => `  ${command.padEnd(width)}   ${what}`.trimEnd());
  return ['\nThe deploy failed. The region goes on, so that you can look at it and repair it:', ...lines, ''].join(
    '\n',
  );
}
