/**
 * The router of a VPC: a network namespace of its own that forwards between the interfaces of tasks and load balancers.
 * Security groups are its FORWARD rules, so no task can get round them.
 */
import { existsSync, readFileSync } from 'node:fs';
import type { Server } from 'node:net';
import { z } from 'zod';
import type { ProcessIdentity } from '../../region/process-identity.ts';
import {
  deniedTable,
  DIRECTIONS,
  parseCounted,
  WAY_OUT,
  type CountedRow,
  type DeniedRow,
  type Refusing,
} from '../core/network/denied.ts';
import { holdersEnd, routersEnd } from '../core/network/interface-pair.ts';
import { run } from './command.ts';
import { listenInside } from './listen-inside.ts';
import { NamespaceHolder } from './namespace-holder.ts';

/**
 * Forwards, and only what comes in where its sender is reached: the source check of an interface on AWS. Containers may send
 * packets of their own making. The larger value of all's and the interface's counts, and a distribution may have set the
 * default to 2, which checks less: an interface has that of its birth. https://docs.kernel.org/networking/ip-sysctl.html, rp_filter
 */
const SET_UP =
  'cd /proc/sys/net/ipv4 && echo 1 >conf/default/rp_filter && echo 1 >conf/all/rp_filter && ip link set lo up && echo 1 >ip_forward';

/** Of tasks and load balancers. */
const INTERFACE = /^eni\d+$/;

const Routes = z.array(z.object({ dst: z.string(), dev: z.string().default('') }));
const Links = z.array(z.object({ ifname: z.string() }));

export class VpcRouter {
  readonly #namespace: NamespaceHolder;
  /** Interface name by address. */
  readonly #interfaces = new Map<string, string>();
  readonly #listening: Server[] = [];
  #created = 0;
  #rules = '';
  #inward = '';
  #counts = true;

  private constructor(namespace: NamespaceHolder) {
    this.#namespace = namespace;
  }

  static async start(): Promise<VpcRouter> {
    const namespace = await NamespaceHolder.start();
    try {
      await run('nsenter', namespace.enter(['sh', '-c', SET_UP]));
    } catch (error) {
      namespace.stop();
      throw error;
    }
    return new VpcRouter(namespace);
  }

  /** Takes over one that another agent started, with the interfaces that it leads to. */
  static async adopt(identity: ProcessIdentity): Promise<VpcRouter> {
    const router = new VpcRouter(NamespaceHolder.adopt(identity));
    for (const { dst, dev } of Routes.parse(await router.#show('route')))
      if (INTERFACE.test(dev)) router.#interfaces.set(dst, dev);
    router.#created = Math.max(0, ...(await router.#names()).map((name) => Number(name.slice('eni'.length))));
    return router;
  }

  async #show(what: 'route' | 'link'): Promise<unknown> {
    return JSON.parse(await run('nsenter', this.#namespace.enter(['ip', '-json', what, 'show'])));
  }

  /** The interfaces that are ours. */
  async #names(): Promise<string[]> {
    return Links.parse(await this.#show('link'))
      .map(({ ifname }) => ifname)
      .filter((name) => INTERFACE.test(name));
  }

  get identity(): ProcessIdentity {
    return this.#namespace.identity;
  }

  /** The arguments of `nsenter` for a command in its namespaces. */
  enter(command: readonly string[]): string[] {
    return this.#namespace.enter(command);
  }

  leadsTo(address: string): boolean {
    return this.running && this.#interfaces.has(address);
  }

  /** Takes every other interface away. */
  async keepOnly(addresses: ReadonlySet<string>): Promise<void> {
    for (const address of this.#interfaces.keys()) if (!addresses.has(address)) this.#interfaces.delete(address);
    const kept = new Set(this.#interfaces.values());
    for (const name of await this.#names()) if (!kept.has(name)) await this.#remove(name);
  }

  get running(): boolean {
    return this.#namespace.running;
  }

  /** How many addresses it leads to. */
  get attached(): number {
    return this.#interfaces.size;
  }

  /** Ends it, when nothing is attached any more. */
  stop(): void {
    for (const server of this.#listening) server.close();
    this.#namespace.stop();
  }

  /**
   * Listens at an address of the router itself, which every interface reaches by its way out: what is addressed to the router
   * is not forwarded, so no security group is asked, as on AWS.
   * https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html (metadata, time and names)
   */
  async listen(host: string, port: number): Promise<Server> {
    await run('nsenter', this.#namespace.enter(['ip', 'addr', 'replace', `${host}/32`, 'dev', 'lo']));
    const server = await listenInside(this.#namespace, { host, port });
    this.#listening.push(server);
    return server;
  }

  /**
   * Gives a namespace an interface with these addresses, reached through this router.
   * @param gateway the subnet's router address, answered for by this router
   */
  async attach(holder: NamespaceHolder, addresses: readonly string[], gateway: string): Promise<void> {
    this.#created += 1;
    // Interface names have at most 15 characters: https://man7.org/linux/man-pages/man8/ip-link.8.html
    const name = `eni${String(this.#created)}`;
    const inner = `${name}p`;
    try {
      await this.#connect(holder, name, inner, addresses, gateway);
    } catch (error) {
      // A namespace that ended meanwhile would leave the router's end, and the routes to it.
      await this.#remove(name);
      throw error;
    }
    for (const address of addresses) this.#interfaces.set(address, name);
  }

  async #connect(
    holder: NamespaceHolder,
    name: string,
    inner: string,
    addresses: readonly string[],
    gateway: string,
  ): Promise<void> {
    const pair = { name, inner, addresses, gateway };
    await run('nsenter', this.#namespace.enter(['ip', '-batch', '-']), routersEnd(pair, holder.pid));
    await run('nsenter', holder.enter(['ip', '-batch', '-'], false), holdersEnd(pair));
  }

  /** Takes the interface of these addresses away. */
  async detach(addresses: readonly string[]): Promise<void> {
    const name = addresses.map((address) => this.#interfaces.get(address)).find((found) => found !== undefined);
    for (const address of addresses) this.#interfaces.delete(address);
    if (name !== undefined) await this.#remove(name);
  }

  /** The interface is gone already when the other namespace ended first. */
  async #remove(name: string): Promise<void> {
    await run('nsenter', this.#namespace.enter(['ip', 'link', 'del', name])).catch(() => undefined);
  }

  /**
   * Leads what is for nobody within the VPC to the router itself, behind a way out that may come: so its rules see it, and tell
   * of it. Addresses of the VPC that nobody has stay unreachable at once: on the local route, which is the closest.
   * https://man7.org/linux/man-pages/man8/ip-route.8.html, throw
   */
  async keepInward(blocks: readonly string[]): Promise<void> {
    const routes = [
      ...blocks.map((block) => `route replace throw ${block}`),
      // Above every metric of a route that leads out.
      'route replace default dev lo metric 1000',
      '',
    ].join('\n');
    if (routes === this.#inward) return;
    await run('nsenter', this.#namespace.enter(['ip', '-batch', '-']), routes);
    this.#inward = routes;
  }

  /** Replaces all security-group rules at once. @param rulesFor for iptables-restore, with or without counting */
  async applyRules(rulesFor: (countDenied: boolean) => string): Promise<void> {
    const rules = rulesFor(this.#counts);
    if (rules === this.#rules) return;
    try {
      await run('nsenter', this.#namespace.enter(['iptables-restore', '-w', '5']), rules);
    } catch (error) {
      // A kernel without the hashlimit match enforces all the same; it only doesn't tell.
      if (!this.#counts) throw error;
      this.#counts = false;
      return this.applyRules(rulesFor);
    }
    this.#rules = rules;
  }

  /** What security groups dropped, as the kernel's tables have it; undefined on a kernel that does not count. */
  denied(): DeniedRow[] | undefined {
    if (!this.#counts) return undefined;
    return DIRECTIONS.flatMap((missing) => this.#counted(missing).map((row) => ({ missing, ...row })));
  }

  /** What was not let out of the VPC, though security groups allow it; nothing on a kernel that does not count. */
  refusedOut(): CountedRow[] {
    return this.#counts ? this.#counted(WAY_OUT) : [];
  }

  #counted(what: Refusing): CountedRow[] {
    const file = `/proc/${String(this.#namespace.pid)}/net/ipt_hashlimit/${deniedTable(what)}`;
    // The table is there from the first rule on.
    return existsSync(file) ? parseCounted(readFileSync(file, 'utf8')) : [];
  }
}
