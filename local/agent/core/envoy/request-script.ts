/**
 * What a load balancer does to each request before its rules, where Envoy has nothing of its own: it refuses what is beyond
 * AWS's limits, and names the request. https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html
 */
import type { BalancerAttributes } from '../../../aws-shapes/load-balancer-attributes.ts';
import { errorPage, SERVER, type ErrorStatus } from './error-pages.ts';
import { LONGEST_HEADER, LONGEST_HEADERS, LONGEST_LINE } from './load-balancer-limits.ts';
import type { EnvoyConfig } from '../mesh.ts';
import type { CameBy } from './redirect.ts';
import { luaFilter } from './route-script.ts';

/** "The load balancer received an X-Forwarded-For request header with too many IP addresses. The upper limit is 30": HTTP 463. */
const MOST_ADDRESSES = 30;
/** A trace id in more than that is written again: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-request-tracing.html */
const LONGEST_TRACED = 7 * 1024;

/** Lua that answers a request with the load balancer's own page. */
export const refusing = (status: ErrorStatus): string =>
  `handle:respond({ [":status"] = "${String(status)}", ["server"] = "${SERVER}", ["content-type"] = "text/html" }, [[${errorPage(status)}]])`;

/** What X-Forwarded-For becomes; Envoy has put the client behind what was there, or left it as it was. */
function forwarded({ forwardedFor, forwardedPort }: BalancerAttributes): string {
  if (forwardedFor === 'preserve') return '';
  if (forwardedFor === 'remove') return 'headers:remove("x-forwarded-for")';
  const port = 'handle:streamInfo():downstreamDirectRemoteAddress():match(":(%d+)$")';
  const own = forwardedPort ? `spaced = spaced .. ":" .. (${port} or "")` : '';
  return `${own}
  headers:replace("x-forwarded-for", spaced)`;
}

/** A client's Host without a port gets that of the listener, unless it is the usual one of HTTP or HTTPS. */
function host({ preservesHost }: BalancerAttributes, { port }: CameBy): string {
  if (preservesHost || port === 80 || port === 443) return '';
  return `local authority = headers:get(":authority") or ""
  if authority ~= "" and not authority:match(":%d+$") then headers:replace(":authority", authority .. ":${String(port)}") end`;
}

/** Names of "letters, digits and hyphens" stay. */
const DROP_INVALID = `
  local odd = {}
  for name, _ in pairs(headers) do
    if name:sub(1, 1) ~= ":" and not name:match("^[%w-]+$") then odd[#odd + 1] = name end
  end
  for _, name in ipairs(odd) do headers:remove(name) end`;

/** Random numbers are each worker's own: two that begin in one second have tables at different addresses. */
const script = (attributes: BalancerAttributes, listener: CameBy): string => `
math.randomseed((os.time() + (tonumber(tostring({}):match("0x(%x+)") or "1", 16) or 1)) % 2147483647)
local function new_id()
  local r = function() return math.random(0, 65535) end
  return string.format("1-%08x-%04x%04x%04x%04x%04x%04x", os.time(), r(), r(), r(), r(), r(), r())
end
function envoy_on_request(handle)
  local headers = handle:headers()
  if headers:get(":method") == "TRACE" then ${refusing(405)} return end
  local line = #(headers:get(":method") or "") + #(headers:get(":path") or "") + #" HTTP/1.1" + 1
  if line > ${String(LONGEST_LINE)} then ${refusing(414)} return end
  local size = 0
  for name, value in pairs(headers) do
    size = size + #name + #value + #": \\r\\n"
    if #name + #value > ${String(LONGEST_HEADER)} then ${refusing(400)} return end
  end
  if size > ${String(LONGEST_HEADERS)} then ${refusing(400)} return end
  ${host(attributes, listener)}
  local forwarded = headers:get("x-forwarded-for") or ""
  -- Where it is appended, the client's own address is in it by now.
  local spaced, commas = forwarded:gsub(",%s*", ", ")
  if commas > ${String(attributes.forwardedFor === 'append' ? MOST_ADDRESSES : MOST_ADDRESSES - 1)} then ${refusing(463)} return end
  ${forwarded(attributes)}
  ${attributes.dropsInvalidHeaders ? DROP_INVALID : ''}
  local given = headers:get("x-amzn-trace-id")
  local traced
  if given == nil or size > ${String(LONGEST_TRACED)} then
    traced = "Root=" .. new_id()
  else
    local kept, root = {}, false
    for field in given:gmatch("[^;]+") do
      if field:sub(1, 5) ~= "Self=" then kept[#kept + 1] = field end
      if field:sub(1, 5) == "Root=" then root = true end
    end
    traced = (root and "Self=" or "Root=") .. new_id() .. ";" .. table.concat(kept, ";")
  end
  headers:replace("x-amzn-trace-id", traced)
end`;

export const requestFilter = (attributes: BalancerAttributes, listener: CameBy): EnvoyConfig =>
  luaFilter('load-balancer-requests', script(attributes, listener));
