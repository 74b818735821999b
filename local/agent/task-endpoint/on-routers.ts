/** A server at the same address of every VPC's router. */
import type { Server } from 'node:http';
import { answerAt } from '../runtime/listen-inside.ts';
import type { VpcRouter } from '../runtime/vpc-router.ts';

/** @throws Error when nobody can listen there; the next call tries again */
export type OpenOnRouter = (vpcId: string, router: Pick<VpcRouter, 'listen'>) => Promise<void>;

/** Opens it once for each router. */
export function onRouters(
  { host, port }: { readonly host: string; readonly port: number },
  serverOf: (vpcId: string) => Server,
): OpenOnRouter {
  const open = new WeakMap<object, Promise<void>>();
  const listen = async (...[vpcId, router]: Parameters<OpenOnRouter>): Promise<void> => {
    const http = serverOf(vpcId);
    answerAt(await router.listen(host, port), http);
  };
  return (vpcId, router) => {
    const known = open.get(router);
    if (known !== undefined) return known;
    const opened = listen(vpcId, router);
    open.set(router, opened);
    opened.catch(() => open.delete(router));
    return opened;
  };
}
