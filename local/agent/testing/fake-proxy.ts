/** A proxy without an Envoy: a test says what comes of what is asked of it. */
import type { LongRunning } from '../runtime/command.ts';
import type { EnvoyProcess } from '../runtime/envoy-process.ts';
import type { Shown } from './shown.ts';

export interface ProxyAnswers {
  readonly ready: () => Promise<void>;
  /** Something was posted to its admin interface. */
  readonly post: (path: string) => void;
  readonly requestsInFlight: () => number;
  readonly stop: () => void;
}

export function fakeProxy(adopted: boolean, process: LongRunning, answers: ProxyAnswers): EnvoyProcess {
  const proxy: Shown<EnvoyProcess> = {
    ...{ adopted, process, live: true, ready: answers.ready },
    admin: (method, path) => {
      // Whether it took what it was given, it does not say.
      if (method === 'GET') return Promise.reject(new Error('no answer'));
      answers.post(path);
      return Promise.resolve('');
    },
    setRuntime: () => Promise.resolve(),
    gauge: () => Promise.resolve(answers.requestsInFlight()),
    stop: () => {
      answers.stop();
      return Promise.resolve();
    },
  };
  return proxy as EnvoyProcess;
}
