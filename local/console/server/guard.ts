/**
 * Who may ask what. The console listens on loopback, but every page of a browser reaches loopback: so the Host header has
 * to name this machine (a foreign name that resolves to 127.0.0.1 is DNS rebinding), the Origin has to be the console's
 * own, and what changes something needs the token of this run, which no other page can know.
 * https://developer.mozilla.org/docs/Web/Security/Attacks/CSRF
 */
import { createHash, timingSafeEqual } from 'node:crypto';

export interface Asked {
  readonly method: string;
  readonly host: string | undefined;
  readonly origin: string | undefined;
  readonly path: string;
  /** https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Sec-Fetch-Site, and its sisters -Mode and -Dest */
  readonly fetchSite: string | undefined;
  readonly fetchMode: string | undefined;
  readonly fetchDest: string | undefined;
  readonly authorization: string | undefined;
  readonly contentType: string | undefined;
}

export interface Own {
  readonly port: number;
  readonly token: string;
}

export interface Refusal {
  readonly status: 401 | 403 | 415;
  readonly problem: string;
}

/** Of different lengths too, without telling how much of it was right. */
function isSame(given: string, wanted: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(wanted));
}

/**
 * Somebody followed a link to the page. The page that had the link sees nothing of it: its opener is cut off by
 * `cross-origin-opener-policy`, it can embed nothing here, and the page without its token changes nothing.
 */
const isLink = ({ method, path, fetchMode, fetchDest }: Asked): boolean =>
  method === 'GET' && path === '/' && fetchMode === 'navigate' && fetchDest === 'document';

export function refusalOf(asked: Asked, { port, token }: Own): Refusal | undefined {
  const hosts = ['127.0.0.1', 'localhost'].map((name) => `${name}:${String(port)}`);
  if (asked.host === undefined || !hosts.includes(asked.host.toLowerCase()))
    return {
      status: 403,
      problem: `the Host header is "${asked.host ?? ''}": the console answers to ${hosts.join(' and ')}`,
    };
  const origins = hosts.map((host) => `http://${host}`);
  if (asked.origin !== undefined && !origins.includes(asked.origin))
    return { status: 403, problem: `the Origin header is "${asked.origin}": only the console's own page may ask` };
  if (asked.fetchSite !== undefined && !['same-origin', 'none'].includes(asked.fetchSite) && !isLink(asked))
    return { status: 403, problem: "the request comes from another site's page" };
  if (asked.method === 'GET' || asked.method === 'HEAD') return undefined;
  if (!isSame(asked.authorization ?? '', `Bearer ${token}`))
    return {
      status: 401,
      problem: 'the token is missing or wrong: open the address that `npm run highlands -- console` prints',
    };
  if (asked.contentType?.split(';')[0]?.trim() !== 'application/json')
    return { status: 415, problem: 'the content type has to be application/json' };
  return undefined;
}
