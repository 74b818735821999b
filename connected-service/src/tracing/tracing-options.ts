/** Where spans go; off by default. A collector beside each application takes them, so that it never waits for one. */
export type TracingOptions = XRayTracing | DatadogTracing;

interface CommonTracingOptions {
  /**
   * Share of the traces that are kept, in percent, decided once at the first service and followed by those it calls.
   * @default 100 - every one; X-Ray takes 5 USD for a million of them
   */
  readonly sampledPercent?: number;
}

/** AWS X-Ray, by the AWS Distro for OpenTelemetry (ADOT). */
export interface XRayTracing extends CommonTracingOptions {
  readonly collector: 'adot';
}

/** Datadog, by its agent. */
export interface DatadogTracing extends CommonTracingOptions {
  readonly collector: 'datadog';
  /** Complete ARN, with its six random characters, of the Secrets Manager secret that is the API key and nothing else. */
  readonly apiKeySecretArn: string;
  /**
   * Datadog's site: where the account lives.
   * @default 'datadoghq.com'
   */
  readonly site?:
    | 'datadoghq.com'
    | 'us3.datadoghq.com'
    | 'us5.datadoghq.com'
    | 'datadoghq.eu'
    | 'ap1.datadoghq.com'
    | 'ap2.datadoghq.com'
    | 'ddog-gov.com';
}
