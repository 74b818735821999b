/**
 * The network within the walls of a function: nothing but three addresses of its own, at which the agent answers. The region's
 * APIs and Lambda's runtime API have one, as tasks have it, and CloudFormation's bucket for custom resources the other.
 */
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server as HttpServer,
  type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Server } from 'node:net';
import AGREED from '../../control-plane/agreed-with-agent.json' with { type: 'json' };
import { API_ENDPOINT } from '../core/network/api-way.ts';
import type { IssuedCertificate } from '../certificates/private-authority.ts';
import { run } from '../runtime/command.ts';
import { answerAt, listenInside } from '../runtime/listen-inside.ts';
import { NamespaceHolder } from '../runtime/namespace-holder.ts';
import { guarded } from './guarded.ts';

/** Beside the endpoint of the APIs, in the same block for documentation: https://www.rfc-editor.org/rfc/rfc5737 */
export const BUCKET_ADDRESS = '203.0.113.21';
/** That of the region's own bucket: custom resources answer there. */
export const bucketName = (region: string): string =>
  `cloudformation-custom-resource-response-${region.replaceAll('-', '')}.s3.amazonaws.com`;
const RUNTIME_API = '/2018-06-01/runtime/';

export interface Answering {
  /** Lambda's runtime API. */
  readonly runtime: RequestListener;
  /** The region's APIs. */
  readonly apis: RequestListener;
  /** CloudFormation's bucket. */
  readonly answers: RequestListener;
  readonly certificate: IssuedCertificate;
  readonly note: (message: string) => void;
}

export interface WallsNetwork {
  readonly holder: NamespaceHolder;
  readonly close: () => void;
}

/** @throws Error that says why it can't be made; then nothing is left of it */
export async function openNetwork({ answers, apis, certificate, note, runtime }: Answering): Promise<WallsNetwork> {
  const holder = await NamespaceHolder.start();
  const opened: Server[] = [];
  const close = (): void => {
    for (const server of opened) server.close();
    holder.stop();
  };
  const addresses = [API_ENDPOINT.host, BUCKET_ADDRESS].map((one) => `ip addr add ${one}/32 dev lo`);
  const here = (request: IncomingMessage, response: ServerResponse): void => {
    if (request.url?.startsWith(RUNTIME_API) === true) runtime(request, response);
    else apis(request, response);
  };
  const bucket = (request: IncomingMessage, response: ServerResponse): void => {
    if (request.url?.startsWith(AGREED.customResources.answersPath) === true) answers(request, response);
    else response.writeHead(404).end();
  };
  try {
    await run('nsenter', holder.enter(['sh', '-c', ['ip link set lo up', ...addresses].join(' && ')]));
    const { certificate: cert, privateKey: key } = certificate;
    const listening = await Promise.all([
      listen(holder, API_ENDPOINT.host, createServer(guarded(here, note))),
      listen(holder, BUCKET_ADDRESS, createTlsServer({ cert, key }, guarded(bucket, note))),
    ]);
    opened.push(...listening);
    return { holder, close };
  } catch (error) {
    close();
    throw error;
  }
}

async function listen(holder: NamespaceHolder, host: string, http: Pick<HttpServer, 'emit'>): Promise<Server> {
  const server = await listenInside(holder, { host, port: API_ENDPOINT.port });
  answerAt(server, http);
  return server;
}
