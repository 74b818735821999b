/** Takes OTLP over HTTP and gRPC, on sockets in files: the stand-ins for collectors lead there from every task. */
import { rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server as HttpServer, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { Server, ServerCredentials, status, type handleUnaryCall } from '@grpc/grpc-js';
import protobuf from 'protobufjs';
import { TASK_HEADER } from '../core/envoy/collector.ts';
import { spansOf } from '../core/tracing/otlp.ts';
import type { SideWork } from '../loop/side-work.ts';
import type { Span } from '../../region/trace.ts';

const types = protobuf.loadSync(join(import.meta.dirname, 'otlp.proto'));
const Request = types.lookupType('opentelemetry.ExportTraceServiceRequest');
const Response = types.lookupType('opentelemetry.ExportTraceServiceResponse');
const EMPTY_ANSWER = Buffer.from(Response.encode(Response.create()).finish());

/** gRPC's own limit for a message, taken for both: an exporter's batch has 512 spans, well below. */
const MOST_BYTES = 4 * 1024 * 1024;

export interface OtlpSockets {
  readonly http: string;
  readonly grpc: string;
}

const decoded = (body: Uint8Array): unknown => Request.toObject(Request.decode(body), { longs: String });

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MOST_BYTES) throw new Error(`more than ${String(MOST_BYTES)} bytes`);
    chunks.push(chunk);
  }
  const whole = Buffer.concat(chunks);
  return request.headers['content-encoding'] === 'gzip'
    ? promisify(gunzip)(whole, { maxOutputLength: 4 * MOST_BYTES })
    : whole;
}

type Take = (spans: readonly Span[]) => void;

export class OtlpReceiver implements SideWork {
  readonly #sockets: OtlpSockets;
  readonly #http: HttpServer;
  readonly #grpc: Server;

  constructor(sockets: OtlpSockets, take: Take) {
    this.#sockets = sockets;
    this.#http = createServer((request, response) => {
      answer(take, request, response).catch((error: unknown) => {
        response.writeHead(400, { 'content-type': 'text/plain' }).end(String(error));
      });
    });
    this.#grpc = grpcServer(take);
  }

  /** @throws Error when a socket can't be made */
  async start(): Promise<void> {
    const { http, grpc } = this.#sockets;
    // What a former agent left there is replaced.
    for (const socket of [http, grpc]) await rm(socket, { force: true });
    await new Promise<void>((resolve, reject) => {
      this.#http.once('error', reject).listen(http, resolve);
    });
    await promisify(this.#grpc.bindAsync.bind(this.#grpc))(`unix:${grpc}`, ServerCredentials.createInsecure());
  }

  async stop(): Promise<void> {
    await Promise.all([
      promisify(this.#http.close.bind(this.#http))(),
      promisify(this.#grpc.tryShutdown.bind(this.#grpc))(),
    ]);
  }
}

async function answer(take: Take, request: IncomingMessage, response: ServerResponse): Promise<void> {
  // As a collector without pipelines for metrics and logs.
  if (request.method !== 'POST' || request.url !== '/v1/traces') {
    response.writeHead(404).end();
    return;
  }
  const json = request.headers['content-type']?.startsWith('application/json') === true;
  const body = await bodyOf(request);
  take(spansOf(json ? JSON.parse(body.toString()) : decoded(body), String(request.headers[TASK_HEADER] ?? '')));
  response.writeHead(200, { 'content-type': json ? 'application/json' : 'application/x-protobuf' });
  response.end(json ? '{}' : EMPTY_ANSWER);
}

function grpcServer(take: Take): Server {
  const grpc = new Server({ 'grpc.max_receive_message_length': MOST_BYTES });
  const handle: handleUnaryCall<unknown, Buffer> = (call, reply) => {
    try {
      take(spansOf(call.request, call.metadata.get(TASK_HEADER).map(String)[0]));
      reply(null, EMPTY_ANSWER);
    } catch (error) {
      reply({ code: status.INVALID_ARGUMENT, details: String(error) });
    }
  };
  grpc.addService(
    {
      Export: {
        path: '/opentelemetry.proto.collector.trace.v1.TraceService/Export',
        requestStream: false,
        responseStream: false,
        requestSerialize: (message: Buffer) => message,
        requestDeserialize: decoded,
        responseSerialize: (message: Buffer) => message,
        responseDeserialize: (bytes: Buffer) => bytes,
      },
    },
    { Export: handle },
  );
  return grpc;
}
