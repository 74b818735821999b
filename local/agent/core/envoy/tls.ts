/**
 * Service Connect TLS: version 1.3 and nothing else, from proxy to proxy; applications keep their http:// URLs.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect-tls.html
 */
import type { ListenerTls, TlsVersion } from '../listener-tls.ts';
import type { CheckProtocol, TargetProtocol } from '../load-balancer.ts';
import type { ClientAlias, EnvoyConfig } from '../mesh.ts';
import { typed } from './typed.ts';
import { discoveryResponse, fileSource } from './discovery-response.ts';

const TLS = 'extensions.transport_sockets.tls.v3';

/** On an endpoint's metadata: its proxy takes TLS. Old and new tasks of a rollout may differ, so each endpoint says it. */
export const TLS_MATCH: EnvoyConfig = { tls: 'true' };

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect-tls.html: "TLS 1.0 - 1.2 are not supported" */
const TLS_1_3 = { tls_params: { tls_minimum_protocol_version: 'TLSv1_3', tls_maximum_protocol_version: 'TLSv1_3' } };

export const certificateFile = (edsName: string): string => `${edsName}.certificate.json`;
export const trustFile = (edsName: string): string => `${edsName}.trust.json`;

const secretFrom = (name: string, file: string, directory: string): EnvoyConfig => ({
  name,
  sds_config: fileSource(directory, file),
});

function downstream(name: string, directory: string, common: EnvoyConfig): EnvoyConfig {
  return {
    name: 'envoy.transport_sockets.tls',
    typed_config: typed(`${TLS}.DownstreamTlsContext`, {
      common_tls_context: {
        ...common,
        tls_certificate_sds_secret_configs: [secretFrom(name, certificateFile(name), directory)],
      },
    }),
  };
}

/** The server's side: its certificate comes from a file that is replaced when it is rotated. */
export function downstreamTls(edsName: string, directory: string): EnvoyConfig {
  return downstream(edsName, directory, TLS_1_3);
}

const versionOf = (version: TlsVersion): string => `TLSv${version.replace('.', '_')}`;

/** An HTTPS or TLS listener of a load balancer. @param alpn what it offers; nothing for none */
export function listenerTransport(
  { secretName, minimum, maximum }: ListenerTls,
  directory: string,
  alpn: readonly string[],
): EnvoyConfig {
  const tls_params = {
    tls_minimum_protocol_version: versionOf(minimum),
    tls_maximum_protocol_version: versionOf(maximum),
  };
  return {
    transport_socket: downstream(secretName, directory, {
      tls_params,
      ...(alpn.length === 0 ? {} : { alpn_protocols: alpn }),
    }),
  };
}

const PLAINTEXT: EnvoyConfig = {
  transport_socket: {
    name: 'envoy.transport_sockets.raw_buffer',
    typed_config: typed('extensions.transport_sockets.raw_buffer.v3.RawBuffer'),
  },
};

/** The client's side: TLS to endpoints that have it, checked against the authority and the name; plain to the others. */
export function upstreamTls({ edsName, serverName }: ClientAlias, directory: string): EnvoyConfig {
  const context = typed(`${TLS}.UpstreamTlsContext`, {
    sni: serverName,
    common_tls_context: {
      ...TLS_1_3,
      combined_validation_context: {
        default_validation_context: {
          match_typed_subject_alt_names: [{ san_type: 'DNS', matcher: { exact: serverName } }],
        },
        validation_context_sds_secret_config: secretFrom(edsName, trustFile(edsName), directory),
      },
    },
  });
  return {
    transport_socket_matches: [
      {
        name: 'tls',
        match: TLS_MATCH,
        transport_socket: { name: 'envoy.transport_sockets.tls', typed_config: context },
      },
      { name: 'plaintext', match: {}, ...PLAINTEXT },
    ],
  };
}

/** A load balancer to its HTTPS targets: encrypted, their certificates unchecked, as an ALB does it. */
export const UNCHECKED_TLS: EnvoyConfig = {
  transport_socket: {
    name: 'envoy.transport_sockets.tls',
    // As a client Envoy goes up to TLS 1.2 by itself, and a Service Connect proxy takes 1.3 only.
    typed_config: typed(`${TLS}.UpstreamTlsContext`, {
      common_tls_context: { tls_params: { tls_maximum_protocol_version: 'TLSv1_3' } },
    }),
  },
};

/** On health checks that go another way than the requests. */
const HEALTH_CHECK: EnvoyConfig = { healthCheck: true };

/**
 * How a load balancer gets to its targets: with requests, and with health checks, each by TLS or without.
 * @param wrap puts something around the transport, such as the proxy protocol
 */
export function targetTransport(
  requests: TargetProtocol,
  checks: CheckProtocol,
  wrap = (socket: EnvoyConfig) => socket,
) {
  const isTls = (protocol: TargetProtocol): boolean => protocol === 'HTTPS' || protocol === 'TLS';
  const socketOf = (protocol: TargetProtocol) => wrap(isTls(protocol) ? UNCHECKED_TLS : PLAINTEXT);
  const differ = isTls(requests) !== isTls(checks);
  return {
    ofCluster: {
      ...socketOf(requests),
      ...(differ
        ? { transport_socket_matches: [{ name: 'health-check', match: HEALTH_CHECK, ...socketOf(checks) }] }
        : {}),
    },
    ofHealthCheck: differ ? { transport_socket_match_criteria: HEALTH_CHECK } : {},
  } satisfies Record<string, EnvoyConfig>;
}

const inline = (text: string): EnvoyConfig => ({ inline_string: text });

export function certificateSecret(edsName: string, certificate: string, privateKey: string): EnvoyConfig {
  const tls_certificate = { certificate_chain: inline(certificate), private_key: inline(privateKey) };
  return discoveryResponse(`${TLS}.Secret`, [{ name: edsName, tls_certificate }]);
}

export function trustSecret(edsName: string, authority: string): EnvoyConfig {
  return discoveryResponse(`${TLS}.Secret`, [{ name: edsName, validation_context: { trusted_ca: inline(authority) } }]);
}
