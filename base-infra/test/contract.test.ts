import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BASE_INFRA_PARAMETERS, SERVICE_NAMES } from '@highlands/connected-service';

/** The templates of the services as they are committed: no synth of another project. */
function serviceTemplates(): string[] {
  return SERVICE_NAMES.map((service) => join(import.meta.dirname, '..', '..', service, 'test'))
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)))
    .filter((file) => file.endsWith('.template.json'))
    .map((file) => readFileSync(file, 'utf8'));
}

test.each(Object.values(BASE_INFRA_PARAMETERS))('a service reads %s', (parameter) => {
  expect(serviceTemplates().some((template) => template.includes(`"Default": "${parameter}"`))).toBe(true);
});
