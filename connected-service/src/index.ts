export { type BlueGreenOptions, testHeader, type TestHeader } from './blue-green.ts';
export {
  ConnectedService,
  type ConnectedServiceProps,
  type IConnectedService,
  type IMeshService,
} from './connected-service.ts';
export * from './contract.ts';
export * from './names.ts';
export { newApp } from './new-app.ts';
export { capacityProviderStrategies, type SpotOptions } from './fargate-spot.ts';
export type { ObservabilityOptions } from './observability/service-observability.ts';
export type { StageOptions } from './protection.ts';
export { requireArn } from './require-arn.ts';
export type { ServiceConnectTlsOptions } from './service-connect-tls.ts';
export type { ServiceSettings } from './service-settings.ts';
export { CONTAINER_PORT } from './service-task.ts';
export { newStage, stageOf } from './stage.ts';
export type { ScalingOptions } from './task-scaling.ts';
export type { DatadogTracing, TracingOptions, XRayTracing } from './tracing/tracing-options.ts';
