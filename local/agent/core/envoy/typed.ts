/** How Envoy's configuration names the type of a part. */
import type { EnvoyConfig } from '../mesh.ts';

const TYPE = 'type.googleapis.com/envoy';

/** An extension's configuration with its type. */
export function typed(type: string, config: EnvoyConfig = {}): EnvoyConfig {
  return { '@type': `${TYPE}.${type}`, ...config };
}
