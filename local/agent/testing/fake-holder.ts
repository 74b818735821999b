/** A holder of namespaces that lives until a test ends it. */
import type { NamespaceHolder } from '../runtime/namespace-holder.ts';
import type { Shown } from './shown.ts';

interface FakeHolder {
  readonly shown: NamespaceHolder;
  /** Ends it by itself. */
  readonly end: () => void;
}

export function fakeHolder(pid: number, onStop: () => void): FakeHolder {
  let running = true;
  let end: () => void = () => undefined;
  const exited = new Promise<void>((resolve) => {
    end = () => {
      running = false;
      resolve();
    };
  });
  const shown: Shown<NamespaceHolder> = {
    identity: { pid, born: 0 },
    pid,
    get running() {
      return running;
    },
    exited,
    enter: (command) => [...command],
    stop: () => {
      onStop();
      end();
    },
  };
  return { shown: shown as NamespaceHolder, end };
}
