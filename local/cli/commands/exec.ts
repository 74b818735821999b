/** `highlands exec`: a command of this machine in a task's network, with the task's names. */
import { spawnSync } from 'node:child_process';
import { enterNamespace } from '../../region/enter-agent.ts';
import { requireRegion } from '../../region/region-file.ts';
import { namespacePid } from '../../region/namespace-pid.ts';

export function exec(name: string, given: readonly string[]): void {
  // `exec service-a -- curl` and `exec service-a curl` mean the same.
  const command = given[0] === '--' ? given.slice(1) : given;
  const region = requireRegion();
  const [program = '', ...args] = enterNamespace(region, namespacePid(name), command);
  const { status } = spawnSync(program, args, { stdio: 'inherit' });
  process.exitCode = status ?? 1;
}
