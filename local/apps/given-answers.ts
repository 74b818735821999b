/** What custom resources answer whose functions are not run: `--answer`. It goes with the template to the control plane. */
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { readJson } from '../region/read-json.ts';
import { ANSWER, isCustom } from '../support/custom-resources.ts';

type Answers = Readonly<Record<string, string>>;

const Written = z.looseObject({
  Resources: z
    .record(
      z.string(),
      z.looseObject({ Type: z.string().default(''), Properties: z.record(z.string(), z.unknown()).default({}) }),
    )
    .default({}),
});

/** `Logical=id` and `Logical.Attribute=value`: the logical id that a name of the command line begins with. */
export const answeredId = (name: string): string => name.split('.')[0] ?? '';

/** As the control plane takes it: custom_resources.py. @returns undefined where nobody gave one */
function answerOf(id: string, answers: Answers): object | undefined {
  const own = Object.entries(answers).filter(([name]) => answeredId(name) === id);
  if (own.length === 0) return undefined;
  const attributes = own.filter(([name]) => name !== id).map(([name, value]) => [name.slice(id.length + 1), value]);
  return { PhysicalResourceId: answers[id] ?? id, Data: Object.fromEntries(attributes) as Answers };
}

/** A template whose custom resources have the answers that are given. */
function answered(template: z.infer<typeof Written>, answers: Answers): z.infer<typeof Written> {
  const Resources = Object.entries(template.Resources).map(([id, resource]) => {
    const answer = isCustom(resource.Type) ? answerOf(id, answers) : undefined;
    if (answer === undefined) return [id, resource];
    return [id, { ...resource, Properties: { ...resource.Properties, [ANSWER]: answer } }];
  });
  return { ...template, Resources: Object.fromEntries(Resources) as typeof template.Resources };
}

/** Writes them into the templates of a cloud assembly, those of nested stacks too. */
export function giveAnswers(assembly: string, answers: Answers): void {
  if (Object.keys(answers).length === 0) return;
  for (const name of readdirSync(assembly, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.template.json')) continue;
    const file = join(assembly, name);
    const template = readJson(file, Written, 'let the app write a template of CloudFormation');
    writeFileSync(file, JSON.stringify(answered(template, answers)));
  }
}
