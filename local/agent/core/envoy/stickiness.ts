/**
 * Sticky sessions: Envoy keeps a client with its target by a cookie, a script makes that cookie the load balancer's.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html#sticky-sessions
 */
import { createHash } from 'node:crypto';
import type { TargetGroup } from '../load-balancer.ts';
import type { EnvoyConfig } from '../mesh.ts';
import { seconds } from './common.ts';
import { quoted } from './route-script.ts';
import { typed } from './typed.ts';

const FILTER = 'envoy.filters.http.stateful_session';
const TYPE = 'extensions.filters.http.stateful_session.v3';

/** Without a session of its own; target groups bring theirs. */
export const STICKY_FILTER: EnvoyConfig = { name: FILTER, typed_config: typed(`${TYPE}.StatefulSession`) };

export const isSticky = ({ attributes }: TargetGroup): boolean => attributes.stickySeconds !== undefined;

/** Of the load balancer's own kind, and of the one that follows an application's cookie. */
const cookieOf = ({ attributes }: TargetGroup): string =>
  attributes.stickyCookie === undefined ? 'AWSALB' : 'AWSALBAPP-0';

/** Beside a route or a cluster that leads to the group. */
export function stickiness(group: TargetGroup): EnvoyConfig {
  const { stickySeconds } = group.attributes;
  if (stickySeconds === undefined) return {};
  const cookie = { name: cookieOf(group), path: '/', ttl: seconds(stickySeconds) };
  const session_state = {
    name: 'envoy.http.stateful_session.cookie',
    typed_config: typed('extensions.http.stateful_session.cookie.v3.CookieBasedSessionState', { cookie }),
  };
  return { [FILTER]: typed(`${TYPE}.StatefulSessionPerRoute`, { stateful_session: { session_state } }) };
}

/** The target group that a client stays with. */
export interface StickyGroup {
  readonly arn: string;
  readonly seconds: number;
}
const GROUP_COOKIE = 'AWSALBTG';
const groupValue = (arn: string): string => createHash('sha256').update(arn).digest('hex').slice(0, 32);

/** Whether a client was given this group before, in either of its two cookies. */
export const staysWith = (arn: string): EnvoyConfig => ({
  name: 'cookie',
  string_match: { safe_regex: { regex: `(?:.*;)?\\s*${GROUP_COOKIE}(?:CORS)?=${groupValue(arn)}(?:;.*)?` } },
});

/** Lua that is shared: what a cookie of a request is, and a cookie with its end, and the same one for other sites. */
const COOKIES = `
local function sent(headers, name)
  return (";" .. (headers:get("cookie") or "")):match(";%s*" .. name .. '="?([^;"]*)')
end
local function give(headers, secure, name, twin, value, seconds)
  local text = "=" .. value .. "; Expires=" .. os.date("!%a, %d %b %Y %H:%M:%S GMT", os.time() + seconds) .. "; Path=/"
  headers:add("set-cookie", name .. text)
  if twin then headers:add("set-cookie", twin .. text .. "; SameSite=None" .. secure) end
end`;

interface Cookies {
  readonly functions: string;
  readonly onRequest: string;
  readonly onResponse: string;
}

/**
 * @param secure whether the listener has TLS, so that cookies for other sites may say it
 * @returns what a script does with the cookies of a request to the group and of its answer; undefined for nothing
 */
export function cookieScript(
  group: TargetGroup | undefined,
  sticky: StickyGroup | undefined,
  secure: boolean,
): Cookies | undefined {
  const own = group !== undefined && isSticky(group) ? ownCookie(group) : undefined;
  if (own === undefined && sticky === undefined) return undefined;
  const ofGroup =
    sticky === undefined
      ? ''
      : `give(headers, secure, "${GROUP_COOKIE}", "${GROUP_COOKIE}CORS", "${groupValue(sticky.arn)}", ${String(sticky.seconds)})`;
  return {
    functions: COOKIES,
    onRequest: own?.onRequest ?? '',
    onResponse: `
  local secure = "${secure ? '; Secure' : ''}"
  ${own?.onResponse ?? ''}
  ${ofGroup}`,
  };
}

function ownCookie(group: TargetGroup): Omit<Cookies, 'functions'> {
  const { stickySeconds = 0, stickyCookie } = group.attributes;
  const [name, pattern] = [cookieOf(group), cookieOf(group).replace('-', '%-')];
  const duration = String(stickySeconds);
  const keep = 'handle:streamInfo():dynamicMetadata():set("sticky", "kept", kept)';
  // Envoy's own Set-Cookie is taken out: what it says is given as the load balancer does.
  const fresh = `
  local kept = (handle:streamInfo():dynamicMetadata():get("sticky") or {}).kept
  local fresh, others, set = nil, {}, false
  for index = 0, headers:getNumValues("set-cookie") - 1 do
    local one = headers:getAtIndex("set-cookie", index)
    local value = one:match('^${pattern}="?([^;"]*)')
    if value then fresh = value else others[#others + 1] = one end
    if application and one:sub(1, #application + 1) == application .. "=" then set = true end
  end
  if fresh then
    headers:remove("set-cookie")
    for _, one in ipairs(others) do headers:add("set-cookie", one) end
  end`;
  if (stickyCookie === undefined)
    return {
      onRequest: `
  local kept = sent(headers, "AWSALB")
  if kept == nil then
    kept = sent(headers, "AWSALBCORS")
    if kept then headers:replace("cookie", headers:get("cookie") .. "; AWSALB=" .. kept) end
  end
  if kept then ${keep} end`,
      onResponse: `local application = nil
  ${fresh}
  local value = fresh or kept
  if value then give(headers, secure, "AWSALB", "AWSALBCORS", value, ${duration}) end`,
    };
  return {
    // "Clients must return both cookies".
    onRequest: `
  local kept = sent(headers, "${pattern}")
  local application = ${quoted(stickyCookie)}
  local has = sent(headers, (application:gsub("%W", "%%%0")))
  if has and kept then ${keep} end
  if kept and not has then
    headers:replace("cookie", (headers:get("cookie"):gsub("${pattern}=[^;]*;?%s*", "")))
  end
  if has then handle:streamInfo():dynamicMetadata():set("sticky", "has", true) end`,
    onResponse: `local application = ${quoted(stickyCookie)}
  ${fresh}
  local has = (handle:streamInfo():dynamicMetadata():get("sticky") or {}).has
  local value = fresh or (set and kept)
  if value and (set or has) then give(headers, secure, "${name}", nil, value, ${duration}) end`,
  };
}
