/** Where a task touches the machine: what starts a process of it, and what looks into its namespaces. */
import { run } from './command.ts';
import { EnvoyProcess } from './envoy-process.ts';
import { NamespaceHolder } from './namespace-holder.ts';
import { disconnected, listening } from './sockets-of.ts';
import { adoptContainer, startContainer } from './task-containers.ts';

export interface TaskEdges {
  readonly startHolder: typeof NamespaceHolder.start;
  readonly adoptHolder: typeof NamespaceHolder.adopt;
  readonly startProxy: typeof EnvoyProcess.start;
  readonly adoptProxy: typeof EnvoyProcess.adopt;
  readonly startContainer: typeof startContainer;
  readonly adoptContainer: typeof adoptContainer;
  /** Runs a short command to its end. */
  readonly run: typeof run;
  readonly listening: typeof listening;
  readonly disconnected: typeof disconnected;
}

export const MACHINE: TaskEdges = {
  startHolder: (...how) => NamespaceHolder.start(...how),
  adoptHolder: (...how) => NamespaceHolder.adopt(...how),
  startProxy: (...how) => EnvoyProcess.start(...how),
  adoptProxy: (...how) => EnvoyProcess.adopt(...how),
  startContainer,
  adoptContainer,
  run,
  listening,
  disconnected,
};
