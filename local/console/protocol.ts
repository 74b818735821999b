/**
 * What the console's page and `highlands top` read and do: one place for both sides. The page imports types only, so that
 * no validation library is in it.
 *
 * | path | answers |
 * |---|---|
 * | `GET /api/region` | `Region` |
 * | `GET /api/history` | `History` |
 * | `GET /api/events` | server-sent events: `history` (a `History`) first, then `region` (a `Region`) and `second` (a `Second`) each second |
 * | `GET /api/services/:id/envoy` | `EnvoyView` |
 * | `GET /api/logs/access?…` | server-sent events `lines`, each an `AccessLogBatch`; query as in `AccessLogFilter` |
 * | `GET /api/logs/containers?…` | server-sent events `lines`, each a `ContainerLogBatch`; query as in `ContainerLogFilter` |
 * | `GET /api/requests/:requestId` | `RequestView` |
 * | `GET /api/traces`, `GET /api/traces/:traceId` | `Traces`, `Trace` |
 * | `POST /api/actions` | an `Action` in, an `ActionResult` out |
 *
 * The page's address carries the token in its fragment, `#token=…`, which no server sees. Everything else is a file.
 */
export * from './protocol/actions.ts';
export * from './protocol/calls.ts';
export * from './protocol/envoy.ts';
export * from './protocol/limits.ts';
export * from './protocol/logs.ts';
export * from './protocol/region.ts';
export * from './protocol/service.ts';
export * from './protocol/traces.ts';
