/** Whether a proxy took up what it was given; and if not, why. */
import pWaitFor from 'p-wait-for';
import {
  isRefused,
  isTaken,
  refusalInDump,
  refusalInLog,
  REFUSED_LISTENERS_PATH,
  TAKE_UP_PATH,
} from '../core/envoy/refusal.ts';
import type { ProxyResources } from '../core/envoy/discovery-response.ts';
import { readLog } from '../../region/logs/log-parts.ts';
import type { EnvoyProcess } from './envoy-process.ts';

/** A file is taken up in 13 ms; a busy machine gets a second, and a person who waits for a deployment is told within two. */
const TAKEN_UP_WITHIN_MS = 1_000;
const LOOK_MS = 50;

export class TakeUp {
  readonly #proxy: Pick<EnvoyProcess, 'admin'>;
  readonly #logFile: string;
  readonly #onChange: () => void;
  #asked: ProxyResources | undefined;
  #refusal: string | undefined;

  /** @param logFile the proxy's own, which alone has its reason for some refusals */
  constructor(proxy: Pick<EnvoyProcess, 'admin'>, logFile: string, onChange: () => void) {
    this.#proxy = proxy;
    this.#logFile = logFile;
    this.#onChange = onChange;
  }

  /** Why it refused what it was given last, in its own words; the last good configuration is still in it. */
  get refusal(): string | undefined {
    return this.#refusal;
  }

  /** Looks whether it takes these; a later call overtakes. Never throws: a proxy that ended is seen by others. */
  async look(resources: ProxyResources): Promise<void> {
    this.#asked = resources;
    const refusal = await this.#refusalOf(resources).catch(() => undefined);
    if (this.#asked !== resources || refusal === this.#refusal) return;
    this.#refusal = refusal;
    this.#onChange();
  }

  async #refusalOf(resources: ProxyResources): Promise<string | undefined> {
    const stats = (): Promise<string> => this.#proxy.admin('GET', TAKE_UP_PATH);
    const taken = async (): Promise<boolean> => this.#asked !== resources || isTaken(await stats(), resources);
    const inTime = await pWaitFor(taken, { interval: LOOK_MS, timeout: TAKEN_UP_WITHIN_MS }).then(
      () => true,
      () => false,
    );
    if (inTime) return undefined;
    const said = await stats();
    if (isTaken(said, resources)) return undefined;
    // On a very busy machine it has not looked at the files yet.
    if (!isRefused(said)) {
      await pWaitFor(async () => isRefused(await stats()) || taken(), {
        interval: TAKEN_UP_WITHIN_MS,
        timeout: 60_000,
      });
      return this.#refusalOf(resources);
    }
    const log = readLog(this.#logFile, 0).bytes.toString();
    return refusalInDump(await this.#proxy.admin('GET', REFUSED_LISTENERS_PATH)) ?? refusalInLog(log);
  }
}
