/** What a failed synth of somebody's app says. Pure. */

/** An error with where it came from is shorter, without its stack. */
const LINES_SHOWN = 12;
/** Frames of a stack, and Node's last word on itself. */
const NO_WORDS = /^\s+at |^Node\.js v\d|^\s*$/;

/** The last of what it wrote, without stacks. */
function lastWords(output: string): string[] {
  return output
    .split('\n')
    .filter((line) => !NO_WORDS.test(line))
    .slice(-LINES_SHOWN);
}

/** Which command installs a project's modules, by the lock file that it has. */
function installer(files: readonly string[]): string {
  if (files.includes('pnpm-lock.yaml')) return 'pnpm install';
  if (files.includes('yarn.lock')) return 'yarn install';
  return files.includes('package-lock.json') || files.includes('npm-shrinkwrap.json') ? 'npm ci' : 'npm install';
}

/**
 * @param directory of the app, as it was given
 * @param command with which it is synthesised
 * @param output what it wrote
 * @param files names of what lies in the directory
 */
export function synthFailure(directory: string, command: string, output: string, files: readonly string[]): string {
  const words = lastWords(output);
  const said = words.length === 0 ? 'it said nothing' : ['', ...words].join('\n  ');
  const lacksModules = files.includes('package.json') && !files.includes('node_modules');
  const remedy = lacksModules
    ? `${directory} has no node_modules: run \`${installer(files)}\` there first`
    : `run \`${command}\` there to see more`;
  return `synth of ${directory} failed: ${said}\n${remedy}`;
}
