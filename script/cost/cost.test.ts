import { newApp } from '@highlands/connected-service';
import { Template } from 'aws-cdk-lib/assertions';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BaseInfraStack } from '../../base-infra/lib/base-infra-stack.ts';
import { committedTemplate, PROJECTS } from '../../local/deploy/projects.ts';
import { ServiceAStack } from '../../service-a/lib/service-a-stack.ts';
import { monthly, perMillionRequests, PRICES, PriceList } from './bill.ts';
import { withTables } from '../generated-part.ts';
import { costTables, VARIANTS } from './document.ts';
import { quantities } from './quantities.ts';

const templates = PROJECTS.map(committedTemplate);

test('docs/cost.md is what the templates and the price list give: write it with `npm run cost`', () => {
  const document = readFileSync(join(import.meta.dirname, '../../docs/cost.md'), 'utf8');
  expect(document).toBe(withTables(document, 'npm run cost', costTables(templates, PRICES)));
});

test('a document without its marks is not written to', () => {
  expect(() => withTables('no marks', 'npm run cost', 'tables')).toThrow('put both back');
});

test('what is counted', () => {
  const services = PROJECTS.length - 1;
  expect(quantities(templates)).toMatchObject({
    services,
    tasks: 2 * services,
    vcpus: 2 * services,
    memoryGb: 4 * services,
    natGateways: 1,
    loadBalancers: 1,
    publicAddresses: 3,
    repositories: services,
    enhancedInsights: true,
  });
});

test.each(Object.entries(VARIANTS))('%s counts what the stacks have with its settings', (_, settings) => {
  const { natGateways = 1, desiredCount = 2, spot } = settings;
  const base = Template.fromStack(new BaseInfraStack(newApp(), 'Base', { natGateways })).toJSON();
  const service = Template.fromStack(
    new ServiceAStack(newApp(), 'Service', { desiredCount, ...(spot && { spot }) }),
  ).toJSON();
  const committed = [committedTemplate('base-infra'), committedTemplate('service-a')];
  expect(quantities(committed, settings)).toEqual(quantities([base, service]));
});

test('a service that scales counts with the tasks that run at least', () => {
  const scaling = { maxTasks: 6, cpuPercent: 60 };
  const scaled = new ServiceAStack(newApp(), 'Service', { desiredCount: 3, scaling });
  const fixed = new ServiceAStack(newApp(), 'Service', { desiredCount: 3 });
  const [one, other] = [scaled, fixed].map((stack) => quantities([Template.fromStack(stack).toJSON()]));
  expect(one).toMatchObject({ tasks: 3, vcpus: 3 });
  expect(one).toEqual(other);
});

test('a bill is quantities times prices', () => {
  const count = {
    ...quantities([]),
    vcpus: 2,
    memoryGb: 4,
    natGateways: 1,
    publicAddresses: 3,
    loadBalancers: 1,
  };
  const amount = (what: string): number | undefined => monthly(count, PRICES).find((line) => line.what === what)?.usd;
  expect(amount('Fargate vCPU')).toBeCloseTo(2 * 730 * 0.03238);
  expect(amount('Fargate memory')).toBeCloseTo(4 * 730 * 0.00356);
  expect(amount('NAT gateways')).toBeCloseTo(32.85);
  expect(amount('Load balancer')).toBeCloseTo(16.425);
  expect(amount('Public IPv4 addresses')).toBeCloseTo(10.95);
  expect(amount('Container Insights, enhanced (estimate)')).toBe(0);
  expect(perMillionRequests(PRICES).find(({ what }) => what === 'Logs: ingestion')?.usd).toBeCloseTo(1.4);
});

test('a NAT gateway is cheaper than the endpoints that stand in for it, until it carries some 600 GB a month', () => {
  const usd = (settings: (typeof VARIANTS)[string]): number =>
    monthly(quantities(templates, settings), PRICES).reduce((sum, line) => sum + line.usd, 0);
  const dearer = usd({ natGateways: 0, endpointZones: 8 }) - usd({});
  const savedForGb = PRICES.prices.natGatewayGb.usd - PRICES.prices.interfaceEndpointGb.usd;
  expect(dearer).toBeGreaterThan(0);
  expect(Math.round(dearer / savedForGb / 100)).toBe(6);
});

test('every price has a source, and one that is missing is an error', () => {
  const { internetOutGb, ...rest } = PRICES.prices;
  expect(internetOutGb.source).toMatch(/^https:\/\/aws\.amazon\.com\//);
  expect(PriceList.safeParse({ ...PRICES, prices: rest }).success).toBe(false);
});

test('a processor without a price is an error, not a guess', () => {
  const text = JSON.stringify(committedTemplate('service-a')).replace('"ARM64"', '"X86_64"');
  expect(() => quantities([JSON.parse(text)])).toThrow('ARM64');
});
