/** A build of cargo, and the step that waits for it and shows how far it is: the first one takes minutes. */
import type { ListrTask } from 'listr2';
import { buildServices } from '../images/cargo.ts';
import { whileTelling } from '../terminal/while-telling.ts';

export interface CargoBuild {
  /** Begins before its step does; once, however often it is called. */
  readonly begin: () => Promise<void>;
  readonly step: ListrTask;
}

/** @param crate one only; the services by default */
export function cargoBuild(workspace: string, crate?: string): CargoBuild {
  let built: Promise<void> | undefined;
  let note = 'cargo looks for what has changed';
  let compiled = 0;
  const told = (line: string): void => {
    const text = line.trim();
    if (text.startsWith('Compiling ')) compiled += 1;
    if (/^[A-Z][a-z]+ /.test(text)) note = compiled === 0 ? text : `${text} (crate ${String(compiled)})`;
  };
  const begin = (): Promise<void> => (built ??= buildServices(workspace, crate, told));
  return {
    begin,
    step: {
      title: 'build services (cargo)',
      task: (_: unknown, task: { output: string }) =>
        whileTelling(begin(), {
          note: () => note,
          say: (line) => {
            task.output = line;
          },
        }),
    },
  };
}
