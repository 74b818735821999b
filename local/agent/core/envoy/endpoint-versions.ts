/** Which lists of endpoints a proxy uses. https://www.envoyproxy.io/docs/envoy/latest/configuration/overview/mgmt_server#subscription-statistics */

/** Of every cluster, and nothing else: texts are few among a proxy's statistics. */
export const ENDPOINT_VERSIONS_PATH = `/stats?type=TextReadouts&filter=${encodeURIComponent('^cluster[.].*[.]version_text$')}`;

/** Whether it uses one of these still: a version is the hash of its list and of the list's name, so no other has it. */
export const usesAny = (versions: ReadonlySet<string>, stats: string): boolean =>
  [...stats.matchAll(/: "([0-9a-f]+)"$/gm)].some(([, version = '']) => versions.has(version));
