/**
 * The resolver of a VPC: a process in its router's namespace, which answers at the VPC's base address plus two and at
 * 169.254.169.253. What is for the router itself is not forwarded, so no security group keeps a task from asking, as on AWS:
 * https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html#AmazonDNS
 */
import type { ProcessIdentity } from '../../region/process-identity.ts';
import { CONTROL_PLANE, PYTHON } from '../../region/paths.ts';
import type { Tools } from '../core/container-command.ts';
import { asProxyUser } from '../core/proxy-user.ts';
import { LongRunning, run } from './command.ts';
import { saidFromNow, untilReady } from './until-ready.ts';
import type { VpcRouter } from './vpc-router.ts';

/** https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html#AmazonDNS */
const LINK_LOCAL = '169.254.169.253';
/** Beside the users of proxies, which begin at 200,000. */
const USER = 199_999;
/** So that it needs no right of root's for its port: https://docs.kernel.org/networking/ip-sysctl.html */
const LET_USERS_LISTEN = 'echo 53 >/proc/sys/net/ipv4/ip_unprivileged_port_start';

export interface ResolverFiles {
  readonly zones: string;
  readonly log: string;
}

export class VpcResolver {
  readonly #process: LongRunning;

  private constructor(process: LongRunning) {
    this.#process = process;
  }

  /** Takes over one that another agent started. */
  static adopt(identity: ProcessIdentity): VpcResolver {
    return new VpcResolver(LongRunning.adopt(identity));
  }

  /**
   * @param address the VPC's base address plus two
   * @returns once it answers. @throws Error when it ends or does not listen within 20 s
   */
  static async start(
    router: VpcRouter,
    address: string,
    files: ResolverFiles,
    { tools, rootless }: { readonly tools: Pick<Tools, 'setpriv'>; readonly rootless: boolean },
  ): Promise<VpcResolver> {
    const addresses = [address, LINK_LOCAL];
    const own = addresses.map((one) => `ip addr replace ${one}/32 dev lo`).join(' && ');
    await run('nsenter', router.enter(['sh', '-c', `${LET_USERS_LISTEN} && ${own}`]));
    const command = [PYTHON, '-m', 'highlands_resolver', '--zones', files.zones];
    const options = addresses.flatMap((one) => ['--address', one]);
    const asUser = rootless ? [...command, ...options] : asProxyUser(USER, [...command, ...options], tools);
    const said = await saidFromNow(files.log);
    const process = LongRunning.start('nsenter', router.enter(asUser), files.log, {
      PYTHONPATH: CONTROL_PLANE,
      // Nothing is written beside its sources.
      PYTHONDONTWRITEBYTECODE: '1',
    });
    await untilReady(process, async () => (await said()).includes('ready'), {
      timeout: 20_000,
      ended: `the resolver of a VPC ended while starting, see ${files.log}`,
    });
    return new VpcResolver(process);
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

  stop(): void {
    this.#process.signal('SIGTERM');
  }
}
