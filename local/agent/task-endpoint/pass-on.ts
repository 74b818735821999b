/** Passes requests on to the control plane as they came, with their Host: a signature is over it. */
import { Agent, request as ask, type IncomingMessage, type ServerResponse } from 'node:http';

/** Such a header is between two ends of a connection: https://www.rfc-editor.org/rfc/rfc9110#name-connection */
const HOP_BY_HOP = new Set(['connection', 'expect', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'upgrade']);

/**
 * The control plane closes a connection that was idle for 75 s. One that is closed here before never meets a request on its
 * way there. It ends idle ones alone: https://nodejs.org/docs/latest-v20.x/api/http.html#new-agentoptions
 */
const IDLE_MS = 60_000;

export type Pass = (
  request: IncomingMessage,
  response: ServerResponse,
  failed: (message: string) => void,
  /** In the place of the one that came. */
  host?: string,
) => void;

/** @param endpoint of the control plane. What is returned throws where a request can't be passed on */
export function passingOn(endpoint: string): Pass {
  const agent = new Agent({ keepAlive: true, timeout: IDLE_MS });
  const { hostname, port } = new URL(endpoint);
  return (request, response, failed, host) => {
    const headers = pairsOf(request.rawHeaders)
      .filter(([name]) => !HOP_BY_HOP.has(name.toLowerCase()))
      .map(([name, value]) => [name, host !== undefined && name.toLowerCase() === 'host' ? host : value]);
    const onward = ask({
      ...{ hostname, port, method: request.method, path: request.url, agent, setHost: false },
      headers: headers.flat(),
    });
    onward.once('response', (answer) => {
      const back = pairsOf(answer.rawHeaders).filter(([name]) => !HOP_BY_HOP.has(name.toLowerCase()));
      response.writeHead(answer.statusCode ?? 502, back.flat());
      answer.pipe(response);
      answer.once('error', () => response.destroy());
    });
    onward.once('error', (error) => {
      if (response.headersSent) response.destroy();
      else failed(`the region's APIs do not answer just now: ${error.message}`);
    });
    response.once('close', () => onward.destroy());
    request.pipe(onward);
  };
}

const pairsOf = (raw: readonly string[]): [string, string][] =>
  raw.flatMap((name, index): [string, string][] => (index % 2 === 0 ? [[name, raw[index + 1] ?? '']] : []));
