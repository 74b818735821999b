/** Resources that an Envoy takes from a file, and takes up again when the file is replaced. */
import { createHash } from 'node:crypto';
import { dirname } from 'node:path';
import type { EnvoyConfig } from '../mesh.ts';
import { typed } from './typed.ts';

export interface DiscoveryResponse extends EnvoyConfig {
  readonly version_info: string;
}

/** A DiscoveryResponse whose version is its content: https://www.envoyproxy.io/docs/envoy/latest/api-docs/xds_protocol */
export function discoveryResponse(type: string, resources: readonly EnvoyConfig[]): DiscoveryResponse {
  const typedResources = resources.map((resource) => typed(type, resource));
  return {
    version_info: createHash('sha256').update(JSON.stringify(typedResources)).digest('hex').slice(0, 16),
    resources: typedResources,
  };
}

/** Where a kind of resources comes from: one file, whose directory is watched for files moved into it. */
export function fileSource(directory: string, file: string): EnvoyConfig {
  const path = `${directory}/${file}`;
  return {
    resource_api_version: 'V3',
    path_config_source: { path, watched_directory: { path: dirname(path) } },
  };
}

/** The names of the two files that hold a proxy's listeners and clusters, and the bootstrap's part that names them. */
export const LISTENERS_FILE = 'lds.json';
export const CLUSTERS_FILE = 'cds.json';
export function dynamicResources(directory: string): EnvoyConfig {
  return {
    dynamic_resources: {
      lds_config: fileSource(directory, LISTENERS_FILE),
      cds_config: fileSource(directory, CLUSTERS_FILE),
    },
  };
}

export interface ProxyResources {
  readonly listeners: EnvoyConfig;
  readonly clusters: EnvoyConfig;
}

export function proxyResources(listeners: readonly EnvoyConfig[], clusters: readonly EnvoyConfig[]): ProxyResources {
  return {
    listeners: discoveryResponse('config.listener.v3.Listener', listeners),
    clusters: discoveryResponse('config.cluster.v3.Cluster', clusters),
  };
}
