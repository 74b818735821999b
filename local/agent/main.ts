/** Wires the agent. Runs in mount and PID namespaces that outlive it; what it started goes on until the next one takes it over. */
import { chmodSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Agent } from './agent.ts';
import { oneLine } from '../region/one-line.ts';
import { readConfig } from '../region/agent-config.ts';
import { taskLogsIn } from '../region/tasks.ts';
import { missingLimits } from './core/oci/machine.ts';
import { LedgerFile } from './take-over/ledger-file.ts';
import { run } from './runtime/command.ts';
import { lookAtMachine } from './runtime/machine.ts';
import { findRuntime } from './runtime/oci-runtime.ts';

const { values } = parseArgs({ options: { config: { type: 'string' } } });
if (values.config === undefined) {
  console.error('agent: --config FILE is missing');
  process.exit(64);
}
const config = readConfig(values.config);
const log = (message: string): void => {
  console.log(`${new Date().toISOString()} ${message}`);
};
const ledger = new LedgerFile(join(config.stateDirectory, 'run/ledger.json'), log);
// What a run left here that nobody takes over describes processes that are none of ours.
for (const name of [
  'run/eds',
  'run/s',
  'run/task',
  'run/tasks',
  'run/load-balancers',
  'run/tls',
  'run/authorities',
  'run/names',
]) {
  if (ledger.former === undefined) rmSync(join(config.stateDirectory, name), { recursive: true, force: true });
  mkdirSync(join(config.stateDirectory, name), { recursive: true });
}
// Images and what their containers write may hold programs with root's rights, and logs whatever was logged.
const below = (name: string): string => join(config.stateDirectory, name);
for (const directory of [below('images'), taskLogsIn(below('logs')), below('run/task')]) {
  mkdirSync(directory, { recursive: true });
  chmodSync(directory, 0o700);
}
const pathOf = async (tool: string): Promise<string> => (await run('sh', ['-c', `command -v ${tool}`])).trim();
const tools = {
  setpriv: await pathOf('setpriv'),
  runtime: await findRuntime(),
  machine: lookAtMachine(config.rootless, process.env['HIGHLANDS_REGION_ID'] ?? String(process.pid)),
};
// Each step has a net of its own; what falls beside all of them must not end every task of the region.
process.on('unhandledRejection', (reason) => {
  log(`something failed beside every net: ${oneLine(reason)}`);
});
const missing = missingLimits(tools.machine);
if (missing !== undefined) log(missing);
await new Agent(config, tools, ledger).run(() => {
  console.log('ready');
});
