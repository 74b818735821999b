/** `highlands exec`: a command of this machine in a task's network, with the task's names and what an SDK reads there. */
import { spawnSync } from 'node:child_process';
import { enterNamespace } from '../../region/enter-agent.ts';
import { requireRegion } from '../../region/region-file.ts';
import { namespacePid, taskEntered } from '../../region/namespace-pid.ts';
import { sdkVariables } from '../../region/sdk-variables.ts';

export function exec(name: string, given: readonly string[]): void {
  // `exec service-a -- curl` and `exec service-a curl` mean the same.
  const command = given[0] === '--' ? given.slice(1) : given;
  const region = requireRegion();
  const [program = '', ...args] = enterNamespace(region, namespacePid(name), command);
  const { status } = spawnSync(program, args, { stdio: 'inherit', env: sdkVariables(taskEntered(name)) });
  process.exitCode = status ?? 1;
}
