/** Over real sockets, as the stand-ins for collectors speak to it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Client, credentials, Metadata } from '@grpc/grpc-js';
import protobuf from 'protobufjs';
import { TASK_HEADER } from '../core/envoy/collector.ts';
import type { Span } from '../../region/trace.ts';
import { OtlpReceiver } from './otlp-receiver.ts';

const directory = mkdtempSync(join(tmpdir(), 'otlp-'));
const sockets = { http: join(directory, 'h'), grpc: join(directory, 'g') };
const taken: Span[] = [];

const Request = protobuf
  .loadSync(join(import.meta.dirname, 'otlp.proto'))
  .lookupType('opentelemetry.ExportTraceServiceRequest');
const id = (digit: string, length: number) => Buffer.from(digit.repeat(length), 'hex');
const span = {
  traceId: id('ab', 16),
  spanId: id('cd', 8),
  name: 'GET /',
  kind: 3,
  startTimeUnixNano: '1700000000000000000',
  endTimeUnixNano: '1700000000005000000',
};
const body = Buffer.from(
  Request.encode(Request.fromObject({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] })).finish(),
);

const receiver = new OtlpReceiver(sockets, (spans) => {
  taken.push(...spans);
});
beforeAll(() => receiver.start());
beforeEach(() => {
  taken.length = 0;
});
afterAll(async () => {
  await receiver.stop();
  rmSync(directory, { recursive: true, force: true });
});

function post(path: string, content: Buffer, headers: Record<string, string> = {}): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const call = request({ socketPath: sockets.http, path, method: 'POST', headers }, (response) => {
      response.resume().once('end', () => {
        resolve(response.statusCode);
      });
    });
    call.once('error', reject).end(content);
  });
}

const expected = { traceId: 'ab'.repeat(16), spanId: 'cd'.repeat(8), kind: 'client', taskId: 'task', milliseconds: 5 };

test('HTTP with protobuf, plain and compressed', async () => {
  expect(await post('/v1/traces', body, { [TASK_HEADER]: 'task' })).toBe(200);
  expect(await post('/v1/traces', gzipSync(body), { [TASK_HEADER]: 'task', 'content-encoding': 'gzip' })).toBe(200);
  expect(taken).toMatchObject([expected, expected]);
});

test('a body that is no trace is refused, and nothing is taken', async () => {
  expect(await post('/v1/metrics', body)).toBe(404);
  expect(await post('/v1/traces', Buffer.from('nonsense'))).toBe(400);
  expect(await post('/v1/traces', Buffer.alloc(5 * 1024 * 1024))).toBe(400);
  expect(taken).toEqual([]);
});

test('gRPC', async () => {
  const client = new Client(`unix:${sockets.grpc}`, credentials.createInsecure());
  const metadata = new Metadata();
  metadata.set(TASK_HEADER, 'task');
  await new Promise<void>((resolve, reject) => {
    client.makeUnaryRequest(
      '/opentelemetry.proto.collector.trace.v1.TraceService/Export',
      (message: Buffer) => message,
      (bytes: Buffer) => bytes,
      body,
      metadata,
      (error) => {
        if (error === null) resolve();
        else reject(error);
      },
    );
  });
  client.close();
  expect(taken).toMatchObject([expected]);
});
