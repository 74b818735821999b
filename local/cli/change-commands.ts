/** The commands that change what runs, as a person would in the console of ECS. */
import type { Command } from 'commander';
import { numberOption } from '../terminal/whole-number.ts';
import type { RedeployOptions } from './commands/redeploy.ts';

const count = (text: string): number => numberOption(text, 0, 100);

export function addChangeCommands(program: Command): void {
  program
    .command('scale')
    .description('set how many tasks a service has')
    .argument('<service>')
    .argument('<count>', 'tasks', count)
    .option('--wait', 'until they run', false)
    .action(async (service: string, wanted: number, options: { wait: boolean }) =>
      (await import('./commands/scale.ts')).scale(service, wanted, options),
    );
  program
    .command('redeploy')
    .description('start a new deployment of the same task definition')
    .argument('<service>')
    .option('--wait', 'until its tasks have taken over', false)
    .action(async (service: string, options: RedeployOptions) =>
      (await import('./commands/redeploy.ts')).redeploy(service, options),
    );
  program
    .command('stop-task')
    .description('ask a task to end; its service starts another')
    .argument('<task>', 'the beginning of its id')
    .action(async (task: string) => (await import('./commands/stop-task.ts')).stopTask(task));
}
