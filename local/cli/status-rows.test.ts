import { reasonOf } from '../deploy/deploy-error.ts';
import { serviceRow, targetRow, taskRow } from './status-rows.ts';
import { columnWidths, roomFor, table } from '../terminal/tables.ts';

/** Colours are for terminals. */
const plain = (cells: readonly string[]): string[] => cells.map((cell) => cell.replaceAll(/\u001b\[\d+m/g, ''));

describe('a failed deploy', () => {
  test('is one line without the words around it', () => {
    const error = new Error(
      '❌  HighlandsServiceC failed: DeploymentError: Resource updates failed:\nX  (AWS::ECS::Service)\n  broken\n CloudTrail delivery can lag up to 15 minutes',
    );
    expect(reasonOf(error)).toBe('X (AWS::ECS::Service) broken');
  });

  test('that lacks an image says how to publish it', () => {
    const error = new Error("SSM parameter '/highlands/service-b/image' does not exist");
    expect(reasonOf(error)).toBe(`${error.message}: publish the image with \`npm run highlands -- publish service-b\``);
  });
});

test('rows of the status tables', () => {
  const deployment = { id: 'ecs-svc/123', status: 'PRIMARY', rolloutState: 'COMPLETED' as const };
  const service = {
    desiredCount: 2,
    runningCount: 1,
    pendingCount: 1,
    deployments: [deployment],
    taskDefinition: 'arn:aws:ecs:r:0:task-definition/web:3',
  };
  const its = [
    { lastStatus: 'RUNNING', desiredStatus: 'RUNNING' },
    { lastStatus: 'PENDING', desiredStatus: 'RUNNING' },
    { lastStatus: 'DEPROVISIONING', desiredStatus: 'STOPPED' },
  ];
  expect(plain(serviceRow('web', service, its))).toEqual(['web', '2', '1', '1', 'COMPLETED', 'web:3']);
  const details = [{ name: 'privateIPv4Address', value: '10.0.0.4' }];
  const task = {
    taskArn: 'arn:task/c/0123456789abcdef',
    availabilityZone: 'z',
    lastStatus: 'RUNNING',
    healthStatus: 'HEALTHY' as const,
    startedBy: 'ecs-svc/123',
    attachments: [{ details }],
  };
  expect(plain(taskRow('web', task))).toEqual(['0123456789ab', 'web', 'z', '10.0.0.4', 'RUNNING', 'HEALTHY', '123']);
  const target = {
    Target: { Id: '10.0.0.4', Port: 3000, AvailabilityZone: 'z' },
    TargetHealth: { State: 'initial' as const, Description: 'checks in progress' },
  };
  expect(plain(targetRow(target))).toEqual(['10.0.0.4', '3000', 'z', 'initial', 'checks in progress']);
});

test.each([40, 80, 120])('a table fits %d columns, and nothing of it is lost', (columns) => {
  const long = 'an explanation that goes on and on, with a word that has no end: ' + 'x'.repeat(150);
  const text = plain([table(['stack', 'what', 'remedy'], [['shop', long, long]], columns)])[0] ?? '';
  expect(Math.max(...text.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(columns);
  expect(text).toContain('rem');
  // One more in the word `explanation`.
  expect(text.match(/x/g)).toHaveLength(2 * 151);
  expect(text).not.toContain('…');
});

test('the widest columns give what is lacking, and the others stay', () => {
  expect(columnWidths([4, 100, 50], 80)).toEqual([4, 33, 33]);
  expect(columnWidths([4, 10], 80)).toEqual([4, 10]);
});

test('room is what the terminal has, else what the environment says, else that of a log', () => {
  expect(roomFor({ columns: 80 }, {})).toBe(80);
  expect(roomFor({}, { COLUMNS: '100' })).toBe(100);
  expect(roomFor({}, {})).toBe(160);
});
