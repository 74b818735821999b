/** The region's APIs as a function reaches them: all of them, with what its role may do, and nothing that is the region's own. */
import type { RequestListener } from 'node:http';
import { oneLine } from '../../region/one-line.ts';
import { API_ENDPOINT } from '../core/network/api-way.ts';
import { apiError, isInternal, signedFor } from '../core/task-endpoint/api-request.ts';
import { passingOn } from '../task-endpoint/pass-on.ts';

/** The name by which the control plane knows requests from within walls. */
const HOST = `${API_ENDPOINT.host}:${String(API_ENDPOINT.port)}`;

/** @param answers whether only the answers of custom resources go through, whose address is their key */
export function functionApis(endpoint: string, answers: boolean): RequestListener {
  const pass = passingOn(endpoint);
  return (request, response) => {
    const url = request.url ?? '';
    const service = signedFor(url, request.headers);
    const refuse = (status: number, code: string, message: string): void => {
      const { headers, body } = apiError(code, message, request.headers, service);
      response.writeHead(status, headers).end(body);
    };
    if (isInternal(url) !== answers) {
      refuse(404, 'UnknownOperationException', 'there is no such address');
      return;
    }
    try {
      pass(
        request,
        response,
        (message) => {
          refuse(503, 'ServiceUnavailable', message);
        },
        answers ? HOST : undefined,
      );
    } catch (error) {
      refuse(400, 'ValidationException', `the request can't be passed on: ${oneLine(error)}`);
    }
  };
}
