/** The sidecar container's name: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect-zone-aware-routing.html */
export const SIDECAR_NAME = 'ecs-service-connect';
