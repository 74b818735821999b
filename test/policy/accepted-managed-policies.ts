/** AWS managed policies that options attach, and why not a policy of our own. */
export const ACCEPTED_MANAGED_POLICIES: Readonly<Record<string, string>> = {
  'service-role/AmazonECSInfrastructureRolePolicyForServiceConnectTransportLayerSecurity':
    'What ECS does with certificates changes without notice: AWS has changed this policy three times since 2024',
  AmazonECSInfrastructureRolePolicyForLoadBalancers:
    'ECS changes target groups and rules in ways that AWS extends with each deployment strategy: weights, linear, canary',
};
