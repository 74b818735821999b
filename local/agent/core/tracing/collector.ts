/**
 * Collectors that the local region stands in for: their images can't be pulled here, and what they send to has no
 * account. What counts for the application is that someone takes its spans at the port that the container says.
 */
import { parse } from 'yaml';
import { z } from 'zod';
import { collectorKind } from '../../../support/collector-images.ts';
import type { ContainerDefinition } from '../task-definition.ts';

export interface OtlpPorts {
  readonly http: number | undefined;
  readonly grpc: number | undefined;
}

/** https://opentelemetry.io/docs/specs/otlp/: the default ports */
const DEFAULT: OtlpPorts = { http: 4318, grpc: 4317 };

const Protocol = z
  .object({ endpoint: z.string().optional() })
  .nullish()
  .transform((raw) => raw?.endpoint);
const Configuration = z.object({
  receivers: z.object({ otlp: z.object({ protocols: z.object({ http: Protocol, grpc: Protocol }).partial() }) }),
});

/** `0.0.0.0:4318` */
function portOf(endpoint: string | undefined, standard: number | undefined): number | undefined {
  const port = Number(/:(\d+)$/.exec(endpoint ?? '')?.[1] ?? NaN);
  return Number.isNaN(port) ? standard : port;
}

/** A configuration in a variable: ADOT's own, or one that the command reads with `--config=env:NAME`. */
function inlineConfiguration({ environment, command, entryPoint }: ContainerDefinition): string | undefined {
  const named = [...(entryPoint ?? []), ...(command ?? [])]
    .map((argument) => /(?:^|=)env:(\w+)$/.exec(argument)?.[1])
    .find((name) => name !== undefined);
  return environment[named ?? 'AOT_CONFIG_CONTENT'];
}

function configuredPorts(definition: ContainerDefinition): OtlpPorts {
  const text = inlineConfiguration(definition);
  // A file in the image: those of ADOT and of the OpenTelemetry collector listen at both.
  if (text === undefined) return DEFAULT;
  const parsed = Configuration.safeParse(parse(text));
  if (!parsed.success)
    throw new Error(`container ${definition.name}: its collector configuration has no receivers.otlp.protocols`);
  const { protocols } = parsed.data.receivers.otlp;
  return {
    http: 'http' in protocols ? portOf(protocols.http, DEFAULT.http) : undefined,
    grpc: 'grpc' in protocols ? portOf(protocols.grpc, DEFAULT.grpc) : undefined,
  };
}

/**
 * Where a known collector takes OTLP; undefined for every other container.
 * @throws Error when its configuration can't be read
 */
export function collectorPorts(definition: ContainerDefinition): OtlpPorts | undefined {
  const kind = collectorKind(definition.image);
  if (kind === undefined) return undefined;
  if (kind !== 'datadog') return configuredPorts(definition);
  // Off unless asked for: https://docs.datadoghq.com/opentelemetry/setup/otlp_ingest_in_the_agent/
  const endpoint = (protocol: string): string | undefined =>
    definition.environment[`DD_OTLP_CONFIG_RECEIVER_PROTOCOLS_${protocol}_ENDPOINT`];
  return { http: portOf(endpoint('HTTP'), undefined), grpc: portOf(endpoint('GRPC'), undefined) };
}
