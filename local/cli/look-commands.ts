/** The commands that look at a region. */
import type { Command } from 'commander';
import { numberOption } from '../terminal/whole-number.ts';

const lines = (text: string): number => numberOption(text, 0, 1_000_000);

export function addLookCommands(program: Command): void {
  program
    .command('status')
    .description('services, tasks and targets')
    .action(async () => (await import('./commands/status.ts')).status());
  program
    .command('logs')
    .description('logs of containers and proxies')
    .argument('<service>')
    .option('-f, --follow', 'go on as lines come', false)
    .option('--envoy', 'the proxies only', false)
    .option('--container <name>', 'one container only')
    .option('--tail <lines>', 'how many lines', lines, 100)
    .action(async (service: string, options: { follow: boolean; envoy: boolean; container?: string; tail: number }) =>
      (await import('./commands/logs.ts')).logs(service, options),
    );
  program
    .command('exec')
    .description("run a command of this machine inside a task's network")
    .argument('<task>', 'a service, the beginning of a task id, `internet`, or `load-balancer-<zone>`')
    .argument('<command...>')
    .passThroughOptions()
    .action(async (task: string, command: string[]) => {
      (await import('./commands/exec.ts')).exec(task, command);
    });
  program
    .command('top')
    .description('calls and services, once a second')
    .option('--once', 'print them once', false)
    .action(async ({ once }: { once: boolean }) => (await import('./commands/top.ts')).top(once));
  program
    .command('console')
    .description("print the address of the console's page")
    .action(async () => {
      (await import('./commands/console.ts')).printConsole();
    });
  program
    .command('env')
    .description('print variables for the shell: eval "$(npm run -s highlands -- env)"')
    .action(async () => {
      (await import('./commands/env.ts')).env();
    });
}
