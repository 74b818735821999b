/** Takes OTLP over HTTP and gRPC, on sockets in files: the stand-ins for collectors lead there from every task. */
import { rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { Server, ServerCredentials, status, type handleUnaryCall } from '@grpc/grpc-js';
import protobuf from 'protobufjs';
import { TASK_HEADER } from '../core/envoy/collector.ts';
import { spansOf } from '../core/tracing/otlp.ts';
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

/**
 * @returns what ends it
 * @throws Error when a socket can't be made
 */
export async function receiveOtlp(
  sockets: OtlpSockets,
  take: (spans: readonly Span[]) => void,
): Promise<() => Promise<void>> {
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
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
  };
  // What a former agent left there is replaced.
  for (const socket of [sockets.http, sockets.grpc]) await rm(socket, { force: true });
  const http = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      response.writeHead(400, { 'content-type': 'text/plain' }).end(String(error));
    });
  });
  await new Promise<void>((resolve, reject) => {
    http.once('error', reject).listen(sockets.http, resolve);
  });

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
  await promisify(grpc.bindAsync.bind(grpc))(`unix:${sockets.grpc}`, ServerCredentials.createInsecure());
  return async () => {
    await Promise.all([promisify(http.close.bind(http))(), promisify(grpc.tryShutdown.bind(grpc))()]);
  };
}
