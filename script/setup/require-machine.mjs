/** The first thing that a command does: looks at the machine, installs what packages can mend, and ends here when more is amiss. */
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { lookAround } from './look-around.mjs';
import { lastLineNote } from './notes.mjs';
import { installation, sizeIn } from './package-managers.mjs';
import { decide } from './preflight.mjs';
import { runStep } from './run-step.mjs';

/** sysexits.h: EX_USAGE, and EX_UNAVAILABLE, something that is needed is not there. */
const USAGE = 64;
const UNAVAILABLE = 69;

function end(lines, code) {
  for (const line of lines) console.error(line);
  process.exit(code);
}

/** @param what `root`, `state`, `wanted`, `ports` and `steps` of lookAround */
export async function requireMachine(what) {
  if (what.wanted.length === 0) return;
  const policy = process.env.HIGHLANDS_INSTALL ?? '';
  if (!['', 'never'].includes(policy))
    end([`HIGHLANDS_INSTALL="${policy}" is not known: it is \`never\`, or not set`], USAGE);
  const facts = await lookAround(what);
  const { lines, install } = decide(facts, policy);
  if (lines.length > 0) end(lines, UNAVAILABLE);
  if (install.length === 0) return;
  await installPackages(install, facts, what.state);
  // Once more: what was not there could not be tried, and a package may bring an old version.
  const after = decide(await lookAround(what), 'never').lines;
  if (after.length > 0) end(after, UNAVAILABLE);
}

async function installPackages(packages, { missing, manager, mayInstall }, state) {
  const { refresh, simulate, install } = installation(packages, { manager, rights: mayInstall });
  const log = join(state, 'logs/setup-system.log');
  mkdirSync(join(state, 'logs'), { recursive: true });
  const command = ([file, ...args]) => [file, args, undefined];
  console.log('This machine lacks:');
  for (const { lack, why } of missing) console.log(`  ${lack}, for ${why}`);
  console.log(
    `${install[0] === 'sudo' ? 'sudo ' : ''}${manager} installs ${packages.join(' ')} (HIGHLANDS_INSTALL=never prevents it)`,
  );
  const note = lastLineNote;
  if (refresh !== undefined) await runStep({ title: 'list of packages', commands: [command(refresh)], log, note });
  const size = simulate === undefined ? '' : sizeOf(simulate, manager);
  await runStep({
    title: `system packages${size === '' ? '' : `, ${size}`}`,
    commands: [command(install)],
    log,
    note,
  });
}

/** A simulation ends with the exit code of a refusal. In plain English, because the number is looked for in its words. */
function sizeOf([command, ...args], manager) {
  const { stdout } = spawnSync(command, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, LC_ALL: 'C' },
  });
  return sizeIn(stdout ?? '', manager);
}
