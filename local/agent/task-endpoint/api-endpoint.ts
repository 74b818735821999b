/**
 * Leads tasks to the region's APIs, where on AWS they would reach them. Each VPC's router listens; the packets of tasks that
 * reach no API at all are dropped by it, and what of the others would get nowhere on AWS is refused with the reason.
 */
import { createServer, type Server } from 'node:http';
import { oneLine } from '../../region/one-line.ts';
import { API_ENDPOINT, apiRefusal, type ApiClient } from '../core/network/api-way.ts';
import { apiError, isInternal, signedFor } from '../core/task-endpoint/api-request.ts';
import type { RegionState } from '../core/region-state.ts';
import { onRouters } from './on-routers.ts';
import { passingOn, type Pass } from './pass-on.ts';

export interface ApiEndpointParts {
  /** Of the control plane. */
  readonly endpoint: string;
  readonly clients: () => readonly ApiClient[];
  readonly state: () => RegionState | undefined;
}

export class ApiEndpoint {
  readonly #parts: ApiEndpointParts;
  readonly #pass: Pass;
  /** Resolves when the APIs answer in this VPC. */
  readonly open = onRouters(API_ENDPOINT, (vpcId) => this.#server(vpcId));

  constructor(parts: ApiEndpointParts) {
    this.#parts = parts;
    this.#pass = passingOn(parts.endpoint);
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
}
