/** Reads the settings of the projects off their types: name, sentence, default. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { ROOT } from '../../local/region/paths.ts';

export interface Setting {
  /** With the settings that it is part of: `https.certificateArn`. */
  readonly name: string;
  readonly sentence: string;
  /** Absent when it has to be given. */
  readonly default: string | undefined;
}

const FOLDERS = ['connected-service/src', 'connected-service/src/observability', 'base-infra/lib', 'service-b/lib'];

type Interfaces = ReadonlyMap<string, ts.InterfaceDeclaration>;

function interfaces(): Interfaces {
  const files = FOLDERS.flatMap((folder) =>
    readdirSync(join(ROOT, folder))
      .filter((name) => name.endsWith('.ts'))
      .map((name) => join(ROOT, folder, name)),
  );
  const sources = files.map((file) =>
    ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2023, true),
  );
  const found = sources.flatMap(({ statements }) => statements.filter(ts.isInterfaceDeclaration));
  return new Map(found.map((declaration) => [declaration.name.text, declaration]));
}

const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();

function settingsIn(name: string, prefix: string, known: Interfaces): Setting[] {
  const declaration = known.get(name);
  // Of the library: StackProps, Duration.
  if (declaration === undefined) return [];
  const inherited = (declaration.heritageClauses ?? []).flatMap(({ types }) =>
    types.flatMap(({ expression }) => settingsIn(expression.getText(), prefix, known)),
  );
  const own = declaration.members.filter(ts.isPropertySignature).flatMap((member): Setting[] => {
    const [comment] = ts.getJSDocCommentsAndTags(member).filter(ts.isJSDoc);
    const tag = ts.getJSDocTags(member).find(({ tagName }) => tagName.text === 'default');
    const path = prefix + member.name.getText();
    return [
      {
        name: path,
        sentence: oneLine(ts.getTextOfJSDocComment(comment?.comment) ?? ''),
        default:
          member.questionToken === undefined
            ? undefined
            : oneLine(ts.getTextOfJSDocComment(tag?.comment) ?? '').replace(/^- /, ''),
      },
      ...settingsIn(member.type?.getText() ?? '', `${path}.`, known),
    ];
  });
  return [...own, ...inherited.filter(({ name: path }) => !own.some((one) => one.name === path))];
}

/** The settings of an interface, those of its parts included. @throws Error when there is none of that name */
export function settingsOf(name: string): Setting[] {
  const settings = settingsIn(name, '', interfaces());
  if (settings.length === 0) throw new Error(`no interface ${name} with settings in ${FOLDERS.join(', ')}`);
  return settings;
}
