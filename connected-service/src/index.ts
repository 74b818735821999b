export { ConnectedService, type ConnectedServiceProps, type IMeshService } from './connected-service.ts';
export * from './contract.ts';
export * from './names.ts';
export { newApp } from './new-app.ts';
export { CONTAINER_PORT } from './service-task.ts';
