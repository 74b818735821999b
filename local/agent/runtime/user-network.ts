/**
 * The way out of a VPC: slirp4netns, which takes the packets that leave its router and speaks for them on this machine, as any
 * program of the user who started the region would. Nothing of the machine's own network is changed: docs/adr/0015.
 */
import { oneLine } from '../../region/one-line.ts';
import type { ProcessIdentity } from '../../region/process-identity.ts';
import { USER_NETWORK, USER_NETWORK_INTERFACE } from '../core/network/way-out-rules.ts';
import { LongRunning, run } from './command.ts';
import { saidFromNow, untilReady } from './until-ready.ts';

const PROGRAM = 'slirp4netns';

/** slirp4netns knows one address beyond it, its own. */
const MASQUERADE = `*nat\n-A POSTROUTING -o ${USER_NETWORK_INTERFACE} -j MASQUERADE\nCOMMIT\n`;

/** @param host whether this machine's loopback is reached at the second address of its network */
export function userNetworkArguments(pid: number, host: boolean): string[] {
  return [
    ...['--configure', `--cidr=${USER_NETWORK}`],
    // The largest, by which it is fastest: https://github.com/rootless-containers/slirp4netns/blob/master/slirp4netns.1.md
    '--mtu=65520',
    ...(host ? [] : ['--disable-host-loopback']),
    // It reads what a stranger's program sends: it sees no file of the machine, and has few rights.
    '--enable-sandbox',
    ...[String(pid), USER_NETWORK_INTERFACE],
  ];
}

/** What has a network that may get a way out, such as a router. */
interface Network {
  readonly identity: ProcessIdentity;
  enter(command: readonly string[]): string[];
}

export class UserNetwork {
  readonly #process: LongRunning;
  readonly host: boolean;

  private constructor(process: LongRunning, host: boolean) {
    this.#process = process;
    this.host = host;
  }

  /** Takes over one that another agent started. */
  static adopt(identity: ProcessIdentity, host: boolean): UserNetwork {
    return new UserNetwork(LongRunning.adopt(identity), host);
  }

  /**
   * @returns once its interface is there. @throws Error when it ends or is not ready within 20 s
   */
  static async start(network: Network, host: boolean, logFile: string): Promise<UserNetwork> {
    await run('nsenter', network.enter(['iptables-restore', '-w', '5']), MASQUERADE);
    const said = await saidFromNow(logFile);
    const process = LongRunning.start(PROGRAM, userNetworkArguments(network.identity.pid, host), logFile);
    await untilReady(process, async () => (await said()).includes('received tapfd'), {
      timeout: 20_000,
      ended: `${PROGRAM} ended while starting: it needs /dev/net/tun, which this user has to be allowed to open`,
    }).catch(async (error: unknown) => {
      const line = lastLine(await said());
      const why = `${oneLine(error)}; ${line === undefined ? 'it said nothing' : `it said: ${line}`}; see ${logFile}`;
      throw new Error(why, { cause: error });
    });
    return new UserNetwork(process, host);
  }

  get running(): boolean {
    return this.#process.running;
  }

  get identity(): ProcessIdentity {
    return this.#process.identity;
  }

  /** Resolves when it ended, by whatever hand. */
  get exited(): Promise<unknown> {
    return this.#process.exited;
  }

  /** Its interface goes with it. */
  async stop(): Promise<void> {
    this.#process.signal('SIGTERM');
    if (!(await this.#process.endsWithin(2_000))) this.#process.signal('SIGKILL');
    await this.#process.exited;
  }
}

/** What a program said at last, which mostly is why it ended. */
export const lastLine = (text: string): string | undefined =>
  text
    .split('\n')
    .findLast((line) => line.trim() !== '')
    ?.trim();
