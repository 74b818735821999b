import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sdkModules } from './host-runtime.ts';

test('functions see the SDK with what it needs, and nothing else that is installed here', () => {
  const modules = mkdtempSync(join(tmpdir(), 'modules-'));
  const module = (name: string, dependencies: Record<string, string>): void => {
    mkdirSync(join(modules, name), { recursive: true });
    writeFileSync(join(modules, name, 'package.json'), JSON.stringify({ name, dependencies }));
  };
  module('@aws-sdk/client-s3', { '@smithy/core': '1', tslib: '2', within: '1', '@aws-sdk/core': '1' });
  module('@aws-sdk/core', { '@aws-sdk/client-s3': '1' });
  module('@smithy/core', { bowser: '1' });
  module('tslib', {});
  module('bowser', {});
  module('zod', {});
  expect(sdkModules(modules)).toEqual(['@aws-sdk', '@smithy', 'bowser', 'tslib']);
  rmSync(modules, { recursive: true });
});
