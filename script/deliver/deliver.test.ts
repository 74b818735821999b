import { SERVICE_NAMES } from '@highlands/connected-service/names';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { faultOf } from './answer.ts';
import { missingArchitectures } from './architectures.ts';
import { placeOf } from './place.ts';
import { forgetRecord, readRecord, recordFile, writeRecord, type ImagesBefore } from './record.ts';

const ANSWER = { key_one: '(smoke)Field 1', key_two: '(smoke)Field 2', key_time: '2026-11-24T12:39:51.681271523Z' };

test.each([
  ['200', JSON.stringify(ANSWER), undefined],
  ['200', JSON.stringify({ ...ANSWER, key_one: '(other)Field 1' }), /^200 .*other/],
  ['200', JSON.stringify({ ...ANSWER, key_time: 'today' }), /^200 .*today/],
  ['200', '<html>', '200 <html>'],
  ['502', '{"title":"Bad Gateway"}\n', '502 {"title":"Bad Gateway"}'],
])('an answer %s %s', (status, body, fault) => {
  if (fault instanceof RegExp) expect(faultOf(status, body)).toMatch(fault);
  else expect(faultOf(status, body)).toBe(fault);
});

test('images need the processor that the task definitions name', () => {
  const on = (CpuArchitecture: string): ReadonlyMap<string, unknown[]> =>
    new Map([['service-a', [{ Resources: { T: { Properties: { RuntimePlatform: { CpuArchitecture } } } } }]]]);
  expect(missingArchitectures(['arm64', 'amd64'], on('ARM64'))).toEqual([]);
  expect(missingArchitectures(['amd64'], on('ARM64'))).toEqual([
    expect.stringMatching(/^service-a runs on arm64, and the image would be for amd64: /),
  ]);
  expect(missingArchitectures(['amd64'], on('X86_64'))).toEqual([]);
});

const images = (reference: string): ImagesBefore =>
  Object.fromEntries(SERVICE_NAMES.map((service) => [service, reference])) as ImagesBefore;

test('a record holds what ran before the first publish of a delivery, until it is forgotten', () => {
  const folder = mkdtempSync(join(tmpdir(), 'deliver-'));
  const file = join(folder, 'sub/record.json');
  // Whatever services there are: a new one joins by itself.
  const first = { ...images('image@1'), 'service-b': null };
  expect(readRecord(file)).toBeUndefined();
  writeRecord(file, first);
  writeRecord(file, { ...first, 'service-a': 'image@2' });
  expect(readRecord(file)).toEqual(first);
  forgetRecord(file);
  expect(readRecord(file)).toBeUndefined();
  rmSync(folder, { recursive: true });
});

test('each stage has a record of its own', () => {
  expect(new Set(['', 'dev', 'prod'].map(recordFile)).size).toBe(3);
});

test('a region must be named', () => {
  expect(placeOf({ AWS_REGION: 'eu-west-1' })).toEqual({ region: 'eu-west-1', endpoint: undefined, stage: '' });
  expect(placeOf({ AWS_REGION: 'eu-west-1' }, 'dev')).toMatchObject({ stage: 'dev' });
  expect(() => placeOf({})).toThrow(/AWS_REGION is not set: /);
});
