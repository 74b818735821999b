/** The command line itself, so that others can read its definition. */
import { Command } from 'commander';
import { addChangeCommands } from './change-commands.ts';
import { addDeployCommands } from './deploy-commands.ts';
import { addLookCommands } from './look-commands.ts';
import { addTrialCommands } from './trial-commands.ts';

/** Each command is loaded when it is asked for: the CDK's engine alone takes a second. */
export const program = new Command('highlands')
  .description('Amazon ECS Service Connect, whole on one Linux machine')
  .showHelpAfterError()
  .enablePositionalOptions();
for (const add of [addDeployCommands, addLookCommands, addChangeCommands, addTrialCommands]) add(program);
