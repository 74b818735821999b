/** What can be told of a request to AWS's APIs without looking into its body. */

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html: the scope of a credential */
const SCOPE = /(?:^|[\s,])Credential=[^/\s]+\/\d{8}\/[^/\s]+\/([a-z0-9-]+)\/aws4_request/;

type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/** The service that a request is signed for, in its headers or in its address. */
export function signedFor(url: string, { authorization }: Headers): string | undefined {
  const [, inHeader] = SCOPE.exec(typeof authorization === 'string' ? authorization : '') ?? [];
  if (inHeader !== undefined) return inHeader;
  const credential = new URLSearchParams(url.split('?')[1] ?? '').get('X-Amz-Credential');
  return credential === null ? undefined : SCOPE.exec(`Credential=${credential}`)?.[1];
}

const INTERNAL = /^\/(?:_(?!ministack\/cfn-signal\/)|v2(?:\/|$))/;

/**
 * What the control plane has beside AWS's APIs; nothing of it is for tasks. Its server takes the escapes out of a path before
 * it looks at it, so this does too; a path that does not decode could be read in another way there, and is not for tasks either.
 */
export function isInternal(url: string): boolean {
  try {
    return INTERNAL.test(decodeURIComponent(url.split('?')[0] ?? ''));
  } catch {
    return true;
  }
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

export interface ApiError {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** An error as the SDKs read it: https://smithy.io/2.0/aws/protocols/index.html */
export function apiError(code: string, message: string, headers: Headers, service: string | undefined): ApiError {
  const type = String(headers['content-type'] ?? '');
  const isXml = service === 's3' || (type.startsWith('application/x-www-form-urlencoded') && !headers['x-amz-target']);
  if (!isXml)
    return {
      headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-errortype': code },
      body: JSON.stringify({ __type: code, message }),
    };
  const error = `<Error><Code>${code}</Code><Message>${escaped(message)}</Message></Error>`;
  return {
    headers: { 'content-type': 'text/xml' },
    body: service === 's3' ? error : `<ErrorResponse>${error}</ErrorResponse>`,
  };
}
