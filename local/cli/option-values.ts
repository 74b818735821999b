/** The values that options and arguments take. */
import { InvalidArgumentError, Option } from 'commander';
import { numberOption, PORTS } from '../terminal/whole-number.ts';

export const port = (text: string): number => numberOption(text, ...PORTS);

/** A day: more than anybody waits, less than what timers take. */
const LONGEST_MS = 86_400_000;

/** `12s`, `250ms` or `2m` in milliseconds. */
export function duration(text: string): number {
  const [, value, unit] = /^(\d+(?:\.\d+)?)(ms|s|m)$/.exec(text) ?? [];
  const milliseconds = Math.round(Number(value) * (unit === 'ms' ? 1 : unit === 's' ? 1000 : 60_000));
  if (!(milliseconds >= 1 && milliseconds <= LONGEST_MS))
    throw new InvalidArgumentError(`"${text}" is not a time such as 250ms, 12s or 2m.`);
  return milliseconds;
}

/** As the control plane knows it: local/control-plane/highlands_control_plane/key_names.py. */
export const PERMISSIONS = 'HIGHLANDS_TASK_PERMISSIONS';
const HOW = ['enforce', 'warn'] as const;
export interface Permissions {
  readonly permissions: (typeof HOW)[number];
}
export const permissionsOption = (): Option =>
  new Option(
    '--permissions <how>',
    'what becomes of calls that a task role does not allow: refused, or a line in the log',
  )
    .choices(HOW)
    .default('enforce')
    .env(PERMISSIONS);

export const stageOption = (): Option => new Option('--stage <stage>', 'in this stage instead of the default one');
export const collected = (text: string, before: string[] = []): string[] => [...before, text];

/** `NAME=VALUE`; the name ends at the first `=`. */
export function assigned(text: string, before: Record<string, string>): Record<string, string> {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError(`"${text}" is not NAME=VALUE.`);
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
}
