/** Files and templates that hold something else: one line with the remedy. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { z } from 'zod';
import { OrdersSchema } from '../region/orders.ts';
import { manifestOrIndex } from '../images/oci.ts';
import { deployRows } from '../deploy/deploy-rows.ts';
import { Complaint } from '../region/complaint.ts';
import { Region } from '../region/region-file.ts';
import { readJson } from '../region/read-json.ts';

const directory = mkdtempSync(join(tmpdir(), 'odd-files-'));
const file = join(directory, 'odd.json');
afterAll(() => {
  rmSync(directory, { recursive: true });
});

const Text = fc.oneof(fc.json(), fc.string(), fc.constantFrom('', '{', 'null', '{"supervisorPid":1e999}'));

test.each([
  ['region', Region],
  ['orders', OrdersSchema],
] as const)('a file for the %s', (_, schema) => {
  fc.assert(
    fc.property(Text, (text) => {
      writeFileSync(file, text);
      try {
        readJson(file, schema, 'delete it');
      } catch (error) {
        expect(error).toBeInstanceOf(Complaint);
        expect(String(error)).toMatch(/^Error: [^\n]*odd\.json can't be read: delete it \([^\n]+\)$/);
      }
    }),
  );
});

test('a manifest that is not a manifest', () => {
  expect(() => manifestOrIndex(Buffer.from('<html>'), 'web:1')).toThrow(
    /^CannotPullContainerError: image web:1 has no readable manifest: push it again \([^\n]+\)$/,
  );
});

test('templates that are not templates', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
      try {
        expect(
          deployRows(
            new Map([
              ['a', a],
              ['b', b],
            ]),
          )
            .flat()
            .sort(),
        ).toEqual(['a', 'b']);
      } catch (error) {
        expect(error).toBeInstanceOf(z.ZodError);
      }
    }),
  );
});
