/**
 * Leads tasks to the region's APIs, where on AWS they would reach them. Each VPC's router listens; the packets of tasks that
 * reach no API at all are dropped by it, and what of the others would get nowhere on AWS is refused with the reason.
 */
import { Agent, createServer, request as ask, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { oneLine } from '../../region/one-line.ts';
import { API_ENDPOINT, apiRefusal, type ApiClient } from '../core/network/api-way.ts';
import { apiError, isInternal, signedFor } from '../core/task-endpoint/api-request.ts';
import type { RegionState } from '../core/region-state.ts';
import { onRouters } from './on-routers.ts';

export interface ApiEndpointParts {
  /** Of the control plane. */
  readonly endpoint: string;
  readonly clients: () => readonly ApiClient[];
  readonly state: () => RegionState | undefined;
}

/** Such a header is between two ends of a connection: https://www.rfc-editor.org/rfc/rfc9110#name-connection */
const HOP_BY_HOP = new Set(['connection', 'expect', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'upgrade']);

/**
 * The control plane closes a connection that was idle for 75 s. One that is closed here before never meets a request on its
 * way there. It ends idle ones alone: https://nodejs.org/docs/latest-v20.x/api/http.html#new-agentoptions
 */
const IDLE_MS = 60_000;

export class ApiEndpoint {
  readonly #parts: ApiEndpointParts;
  readonly #agent = new Agent({ keepAlive: true, timeout: IDLE_MS });
  /** Resolves when the APIs answer in this VPC. */
  readonly open = onRouters(API_ENDPOINT, (vpcId) => this.#server(vpcId));

  constructor(parts: ApiEndpointParts) {
    this.#parts = parts;
  }

  #server(vpcId: string): Server {
    return createServer((request, response) => {
      const client = this.#parts
        .clients()
        .find((one) => one.vpcId === vpcId && one.address === request.socket.remoteAddress);
      const state = this.#parts.state();
      const service = signedFor(request.url ?? '', request.headers);
      const refuse = (status: number, code: string, message: string): void => {
        const { headers, body } = apiError(code, message, request.headers, service);
        response.writeHead(status, headers).end(body);
      };
      if (client === undefined || state === undefined) {
        request.socket.destroy();
        return;
      }
      const refusal = apiRefusal(client, service, state);
      // No status that an SDK tries again: the network stays as it is.
      if (isInternal(request.url ?? '')) refuse(404, 'UnknownOperationException', 'there is no such address');
      else if (refusal !== undefined) refuse(400, 'EndpointNotReached', `on AWS this gets no answer: ${refusal.why}`);
      else
        try {
          this.#pass(request, response, (message) => {
            refuse(503, 'ServiceUnavailable', message);
          });
        } catch (error) {
          // What Node's parser takes in, its client need not send on; thrown here, it would end the agent.
          refuse(400, 'ValidationException', `the request can't be passed on: ${oneLine(error)}`);
        }
    });
  }

  /** As it came, with its Host: the signature is over it. */
  #pass(request: IncomingMessage, response: ServerResponse, failed: (message: string) => void): void {
    const { hostname, port } = new URL(this.#parts.endpoint);
    const headers = pairsOf(request.rawHeaders).filter(([name]) => !HOP_BY_HOP.has(name.toLowerCase()));
    const onward = ask({
      ...{ hostname, port, method: request.method, path: request.url, agent: this.#agent, setHost: false },
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
  }
}

const pairsOf = (raw: readonly string[]): [string, string][] =>
  raw.flatMap((name, index): [string, string][] => (index % 2 === 0 ? [[name, raw[index + 1] ?? '']] : []));
