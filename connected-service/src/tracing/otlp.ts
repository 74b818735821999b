/** https://opentelemetry.io/docs/specs/otlp/#otlphttp-default-port */
export const OTLP_HTTP_PORT = 4318;
