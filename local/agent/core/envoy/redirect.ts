/** Redirects of listener rules: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_RedirectActionConfig.html */
import type { Action } from '../../../aws-shapes/listener-rule.ts';
import type { EnvoyConfig } from '../mesh.ts';
import { quoted, routeScript } from './route-script.ts';

type Redirect = Extract<Action, { type: 'redirect' }>;

/** The listener that a request came by. */
export interface CameBy {
  readonly port: number;
  readonly protocol: string;
}

const WHOLE = { protocol: '#{protocol}', host: '#{host}', port: '#{port}', path: '/#{path}', query: '#{query}' };
const KEYWORD = /#\{(protocol|host|port|path|query)\}/;

/** An absent part keeps its value. */
function withDefaults(action: Redirect): Redirect {
  const parts = Object.entries(WHOLE).map(([name, whole]) => [name, action[name as keyof typeof WHOLE] || whole]);
  return { ...action, ...(Object.fromEntries(parts) as typeof WHOLE) };
}

export function redirect(action: Redirect, listener: CameBy): EnvoyConfig {
  const wanted = withDefaults(action);
  const keeps = (name: keyof typeof WHOLE): boolean => wanted[name] === WHOLE[name];
  const partly = (['host', 'path', 'query'] as const).some((name) => !keeps(name) && KEYWORD.test(wanted[name]));
  // Envoy replaces a query only together with the path.
  if (partly || (keeps('path') && !keeps('query'))) return scripted(wanted, listener);
  return {
    redirect: {
      ...(keeps('protocol') ? {} : { scheme_redirect: wanted.protocol.toLowerCase() }),
      ...(keeps('host') ? {} : { host_redirect: wanted.host }),
      ...(keeps('port') ? {} : { port_redirect: Number(wanted.port) }),
      ...(keeps('path') ? {} : { path_redirect: keeps('query') ? wanted.path : `${wanted.path}?${wanted.query}` }),
      response_code: wanted.status === 301 ? 'MOVED_PERMANENTLY' : 'FOUND',
    },
  };
}

/** The Lua expression of a part in which keywords stand anywhere. */
function expression(part: string, values: Readonly<Record<string, string>>): string {
  const pieces = part.split(KEYWORD).map((piece, index) => (index % 2 === 0 ? quoted(piece) : values[piece]));
  return pieces.filter((piece) => piece !== '""').join(' .. ') || '""';
}

/** Envoy's redirects keep a part whole or replace it whole, so the address is put together by a script. */
function scripted(wanted: Redirect, { port, protocol }: CameBy): EnvoyConfig {
  const values = {
    protocol: quoted(protocol.toLowerCase()),
    host: 'host',
    port: quoted(String(port)),
    path: 'path',
    query: 'query',
  };
  const inline_string = `
function envoy_on_request(handle)
  local authority = handle:headers():get(":authority") or ""
  local host, port = authority:match("^(.-):(%d+)$")
  if host == nil then host, port = authority, ${values.port} end
  local path, query = (handle:headers():get(":path") or "/"):match("^/?([^?]*)%??(.*)$")
  local asked = ${expression(wanted.query, values)}
  if asked ~= "" then asked = "?" .. asked end
  local location = ${expression(wanted.protocol.toLowerCase(), values)} .. "://" .. ${expression(wanted.host, values)}
    .. ":" .. ${expression(wanted.port, { ...values, port: 'port' })} .. ${expression(wanted.path, values)} .. asked
  handle:respond({ [":status"] = "${String(wanted.status)}", ["location"] = location }, "")
end`;
  return {
    // The script answers first; a route has to lead somewhere.
    direct_response: { status: wanted.status },
    typed_per_filter_config: routeScript(inline_string),
  };
}
