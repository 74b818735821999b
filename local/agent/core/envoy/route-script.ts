/** Scripts of single routes, where Envoy's settings do not have what a load balancer does. */
import type { EnvoyConfig } from '../mesh.ts';
import { typed } from './typed.ts';

const LUA = 'envoy.filters.http.lua';

export const luaFilter = (name: string, inline_string: string): EnvoyConfig => ({
  name,
  typed_config: typed('extensions.filters.http.lua.v3.Lua', { default_source_code: { inline_string } }),
});

/** Without a script of its own; routes that need one bring it. */
export const LUA_FILTER: EnvoyConfig = { name: LUA, typed_config: typed('extensions.filters.http.lua.v3.Lua') };

/** Beside a route, or one of its weighted clusters. */
export const routeScript = (inline_string: string): EnvoyConfig => ({
  [LUA]: typed('extensions.filters.http.lua.v3.LuaPerRoute', { source_code: { inline_string } }),
});

/** Whether a route, or one of its weighted clusters, needs the filter in front of it. */
export const usesLua = (route: EnvoyConfig): boolean => JSON.stringify(route).includes(`"${LUA}":`);

/** Every character but the plainest by its number, so that nothing in a template becomes a part of the script. */
export const quoted = (text: string): string =>
  `"${[...Buffer.from(text)].map((byte) => (/[\w./-]/.test(String.fromCharCode(byte)) ? String.fromCharCode(byte) : `\\${String(byte).padStart(3, '0')}`)).join('')}"`;
