/** The control plane does not answer at all: that is no resource's fault. */
export class ControlPlaneGone extends Error {}

const GONE_CODES = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT']);

/** Whether an error of the channel or of an SDK says that nobody answered. */
export function isControlPlaneGone(error: unknown): boolean {
  if (error instanceof ControlPlaneGone) return true;
  return error instanceof Error && 'code' in error && GONE_CODES.has(String(error.code));
}
