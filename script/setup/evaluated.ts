/** What a function of a plain JavaScript module gives: the set-up is written for a machine without packages, which jest can't load. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/**
 * @param expression a JavaScript expression over the exports of the module, as `m`, and the data, as `data`
 * @returns its value, which has to be JSON
 */
export function evaluated(module: string, expression: string, data: unknown): unknown {
  const script = `
    const data = JSON.parse(process.argv[2]);
    import(process.argv[1]).then(async (m) => console.log(JSON.stringify(await (${expression})) ?? 'null'))`;
  const said = execFileSync(process.execPath, ['-e', script, join(import.meta.dirname, module), JSON.stringify(data)], {
    encoding: 'utf8',
  });
  return JSON.parse(said) as unknown;
}
