/** What a line of an access log says came of its request. Pure. */
import type { AccessLogLine } from '../../protocol.ts';

export interface Said {
  readonly text: string;
  readonly tone: 'ok' | 'info' | 'warn' | 'bad';
}

/** @returns undefined for a TCP connection, which has no status */
export function statusOf({ status, grpcStatus }: Pick<AccessLogLine, 'status' | 'grpcStatus'>): Said | undefined {
  if (status === undefined) return undefined;
  if (status === 0) return { text: 'none', tone: 'bad' };
  // A failed gRPC call has HTTP status 200: https://grpc.io/docs/guides/status-codes/
  if (grpcStatus !== undefined) return { text: `gRPC ${grpcStatus}`, tone: grpcStatus === 'OK' ? 'ok' : 'bad' };
  return {
    text: String(status),
    tone: status >= 500 ? 'bad' : status >= 400 ? 'warn' : status >= 300 ? 'info' : 'ok',
  };
}
