/** LDS and CDS responses as a static configuration, which `--mode validate` looks into. */
import type { ProxyResources } from '../core/envoy/discovery-response.ts';
import type { EnvoyConfig } from '../core/mesh.ts';

export function staticConfig({ listeners, clusters }: ProxyResources, more: readonly EnvoyConfig[] = []): EnvoyConfig {
  const resources = (response: EnvoyConfig) =>
    (response['resources'] as Record<string, unknown>[]).map((resource) =>
      Object.fromEntries(Object.entries(resource).filter(([key]) => key !== '@type')),
    );
  return {
    node: { id: 'test', cluster: 'test', locality: { region: 'us-east-1', zone: 'us-east-1a' } },
    static_resources: { listeners: resources(listeners), clusters: [...more, ...resources(clusters)] },
  };
}

/** The same with listeners that only this machine reaches. */
export const onLoopback = (config: EnvoyConfig): EnvoyConfig =>
  JSON.parse(JSON.stringify(config).replaceAll('"0.0.0.0"', '"127.0.0.1"')) as EnvoyConfig;
