/** Why what a registry has can't be had. */
import { z } from 'zod';

/** Why an image could not be had from its registry: one line, which says it to whoever named the image. */
export class PullError extends Error {
  /** Whether the registry was not reached at all: what was pulled before may serve. */
  readonly isAway: boolean;

  constructor(reason: string, isAway = false) {
    super(reason);
    this.isAway = isAway;
  }
}

/** What Node and OpenSSL call errors: https://nodejs.org/api/errors.html#common-system-errors, https://nodejs.org/api/tls.html#x509-certificate-error-codes */
const NO_NAME = new Set(['ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL', 'EAI_NODATA']);
const NO_WAY = new Set(['ENETUNREACH', 'EHOSTUNREACH', 'ENETDOWN', 'EADDRNOTAVAIL']);
const NO_TRUST = /^(?:UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|CERT_|ERR_TLS_CERT_)/;
const NO_TLS = /^(?:ERR_SSL_|EPROTO$)/;

/** As much of an error as is looked at. */
const Failure = z
  .object({ code: z.string(), message: z.string(), cause: z.unknown(), errors: z.array(z.unknown()) })
  .partial();
type Failure = z.infer<typeof Failure>;

/** An error and what it came from; where a host has several addresses, the error of the first. */
function chainOf(error: unknown): Failure[] {
  const { data } = Failure.safeParse(error);
  if (data === undefined) return [];
  return [data, ...chainOf(data.errors?.[0] ?? data.cause)];
}

const codeOf = (error: unknown): string => chainOf(error).find(({ code }) => code !== undefined)?.code ?? '';

/** Whether the other side speaks plain HTTP. */
export const isNoTls = (error: unknown): boolean => NO_TLS.test(codeOf(error));

/** Whether to ask again is of no use. */
export function isLasting(error: unknown): boolean {
  const code = codeOf(error);
  return NO_NAME.has(code) || NO_WAY.has(code) || NO_TRUST.test(code) || NO_TLS.test(code) || code === 'ECONNREFUSED';
}

/** @param host as the reference has it */
export function unreached(host: string, error: unknown): PullError {
  const code = codeOf(error);
  if (NO_NAME.has(code))
    return new PullError(`no network, or no such registry: ${host} has no address (${code})`, true);
  if (NO_WAY.has(code)) return new PullError(`no network: no way leads to ${host} (${code})`, true);
  if (code === 'ECONNREFUSED') return new PullError(`nothing answers at ${host} (${code})`, true);
  if (NO_TRUST.test(code))
    return new PullError(
      `the certificate of ${host} is not trusted (${code}): name its authority's file in NODE_EXTRA_CA_CERTS, or put it at /etc/docker/certs.d/${host}/ca.crt`,
    );
  const said = chainOf(error).at(-1)?.message ?? '';
  return new PullError(
    `${host} can't be asked: ${said.split('\n')[0] ?? ''} ${code === '' ? '' : `(${code})`}`.trim(),
    true,
  );
}

/** What a registry says beside the status: https://github.com/opencontainers/distribution-spec/blob/main/spec.md#error-codes */
function saidIn(body: string): string {
  const said = /"message"\s*:\s*"([^"\\]{1,160})/.exec(body)?.[1];
  return said === undefined ? '' : `, "${said}"`;
}

/** @param isKnown whether it was asked with credentials */
export function refusedBy(host: string, status: number, body: string, isKnown: boolean, note = ''): PullError {
  const said = `(${String(status)}${saidIn(body)})`;
  const more = note === '' ? '' : `; ${note}`;
  if (status === 429)
    return new PullError(
      `${host} lets no more be pulled for now ${said}: wait, or ${isKnown ? 'use another account' : `\`docker login ${host}\``}`,
      true,
    );
  if (status === 401 || status === 403)
    return new PullError(
      isKnown
        ? `${host} does not let the credentials of the Docker configuration have it, or has no such repository ${said}${more}`
        : `${host} wants credentials for it, or has no such repository ${said}: \`docker login ${host}\`${more}`,
    );
  if (status === 404) return new PullError(`${host} has no such image ${said}`);
  return new PullError(`${host} answers with an error ${said}`, status >= 500);
}
