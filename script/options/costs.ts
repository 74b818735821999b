/** What each setting costs, from the price list; a setting that is not here costs nothing. */
import { HOURS, PRICES } from '../cost/bill.ts';

const { prices } = PRICES;
const usd = (amount: number): string => String(Number(amount.toFixed(3)));
const month = (perHour: number): string => usd(perHour * HOURS);
const endpoint = `${month(prices.interfaceEndpointHour.usd)} a month for each and zone, ${usd(prices.interfaceEndpointGb.usd)} a GB`;

export const COSTS: Readonly<Record<string, string>> = {
  natGateways: `${month(prices.natGatewayHour.usd + prices.publicAddressHour.usd)} a month each with its address, ${usd(prices.natGatewayGb.usd)} a GB`,
  interfaceEndpoints: endpoint,
  accessLogs: `${usd(prices.objectStorageGbMonth.usd)} a GB and month`,
  webAclArn: `${usd(prices.webAclMonth.usd)} a month, ${usd(prices.webAclRuleMonth.usd)} for each rule, ${usd(prices.webAclMillionRequests.usd)} a million requests`,
  desiredCount: `${month(prices.fargateArmVcpuHour.usd + 2 * prices.fargateArmGbHour.usd)} a month for each task`,
  'scaling.maxTasks': 'as for each task, while it runs',
  tls: '50 a month for a certificate authority in short-lived mode',
  blueGreen: 'twice the tasks during a deployment',
  observability: `${usd(prices.dashboardMonth.usd)} a month for the dashboard, ${usd(prices.alarmMonth.usd)} for each alarm`,
  spot: `about ${usd(prices.fargateSpotFactor.usd * 100)} % of the price for that share (estimate)`,
};
