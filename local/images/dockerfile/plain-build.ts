/** Does what the instructions of a Dockerfile say, as far as nothing has to be run. */
import type { BuildRequest } from '../docker/request.ts';
import { isArchive } from './archives.ts';
import { copyInto } from './copying.ts';
import { assignments, listIn, NO_SETTINGS, SETTERS, withEnv, type Settings } from './settings.ts';
import type { Dockerfile, Stage, Step } from './stages.ts';
import { Tree } from './tree.ts';
import { at, ownerIn, platformArguments } from './values.ts';
import { words, type Lookup } from './words.ts';

export interface Built {
  readonly tree: Tree;
  readonly settings: Settings;
}

/** Its own flags, and those that only say how it is stored. */
const COPY_FLAGS = new Set(['from', 'chown', 'chmod', 'link']);

/** Makes stages, each once, without running anything. */
export class PlainBuild {
  readonly #file: Dockerfile;
  readonly #request: BuildRequest;
  readonly #context: Tree;
  readonly #before: Readonly<Record<string, string>>;
  readonly #built = new Map<Stage, Built>();

  constructor(file: Dockerfile, request: BuildRequest, context: Tree) {
    this.#file = file;
    this.#request = request;
    this.#context = context;
    this.#before = this.#arguments(file.before, {});
  }

  wanted(): Built {
    const { dockerBuildTarget: target } = this.#request;
    const { stages } = this.#file;
    const stage =
      target === undefined
        ? stages.at(-1)
        : (stages.findLast(({ name }) => name === target.toLowerCase()) ?? stages[Number(target)]);
    if (stage === undefined) throw new Error(`it has no stage ${target ?? ''}`);
    return this.#stage(stage);
  }

  #arguments(steps: readonly Step[], known: Readonly<Record<string, string>>): Record<string, string> {
    const values: Record<string, string> = { ...platformArguments(), ...known };
    for (const { text } of steps)
      Object.assign(
        values,
        this.#argument(text, (name) => values[name]),
      );
    return values;
  }

  /** One that is given counts; then its own default, and the value from before the first FROM. */
  #argument(text: string, lookup: Lookup, before: Readonly<Record<string, string>> = {}): Record<string, string> {
    const found: Record<string, string> = {};
    for (const word of words(text, lookup, this.#file.escape)) {
      const [name = '', ...rest] = word.split('=');
      const own = rest.length === 0 ? before[name] : rest.join('=');
      const value = this.#request.dockerBuildArgs?.[name] ?? own;
      if (value !== undefined) found[name] = value;
    }
    return found;
  }

  #stage(stage: Stage): Built {
    const built = this.#built.get(stage) ?? this.#build(stage);
    this.#built.set(stage, built);
    return built;
  }

  #base(stage: Stage): Built {
    const [base = ''] = words(stage.base, (name) => this.#before[name], this.#file.escape);
    if (base === 'scratch') return { tree: new Tree(), settings: NO_SETTINGS };
    const earlier = this.#earlier(stage, base);
    if (earlier === undefined) throw new Error(`FROM ${base} begins with another image`);
    const { tree, settings } = this.#stage(earlier);
    return { tree: tree.copy(), settings: { ...settings, isOwnCmd: false } };
  }

  /** A stage that comes before another one, by its name or its number. */
  #earlier(stage: Stage, name: string): Stage | undefined {
    const before = this.#file.stages.slice(0, this.#file.stages.indexOf(stage));
    return (
      before.findLast((one) => one.name === name.toLowerCase()) ??
      (/^\d+$/.test(name) ? before[Number(name)] : undefined)
    );
  }

  #build(stage: Stage): Built {
    const base = this.#base(stage);
    const { tree } = base;
    let { settings } = base;
    const values: Record<string, string> = {};
    const lookup: Lookup = (name) => {
      const own = settings.Env.find((one) => one.startsWith(`${name}=`));
      return own === undefined ? values[name] : own.slice(name.length + 1);
    };
    for (const step of stage.steps) {
      const { keyword, text } = step;
      const setter = SETTERS[keyword];
      if (/(?:^|\s)<<-?["']?\w/.test(text)) throw at(step, 'a here-document is not read');
      if (keyword === 'ARG') Object.assign(values, this.#argument(text, lookup, this.#before));
      else if (keyword === 'ENV')
        for (const one of assignments(text, lookup, this.#file.escape))
          settings = { ...settings, Env: withEnv(settings.Env, one) };
      else if (keyword === 'LABEL')
        settings = {
          ...settings,
          Labels: { ...settings.Labels, ...Object.fromEntries(assignments(text, lookup, this.#file.escape)) },
        };
      else if (keyword === 'COPY' || keyword === 'ADD') this.#copy(stage, step, tree, settings, lookup);
      else if (setter === undefined) throw at(step, 'it runs in a container, or is not known');
      else settings = setter(settings, words(text, lookup, this.#file.escape), step);
      if (keyword === 'WORKDIR') tree.makeDirectory((settings.WorkingDir ?? '/').slice(1));
    }
    return { tree, settings };
  }

  #copy(stage: Stage, step: Step, tree: Tree, settings: Settings, lookup: Lookup): void {
    const { keyword, flags, text } = step;
    const unknown = Object.keys(flags).find((name) => !COPY_FLAGS.has(name));
    if (unknown !== undefined) throw at(step, `--${unknown} is not known`);
    const list = listIn(text);
    const expand = (word: string): string => words(word, lookup, this.#file.escape).join(' ');
    const all =
      list?.map((word) => expand(`"${word.replaceAll('"', '\\"')}"`)) ?? words(text, lookup, this.#file.escape);
    const [target = '', ...sources] = all.toReversed();
    if (sources.length === 0) throw at(step, 'it needs a source and a target');
    const { from, chown, chmod } = flags;
    if (keyword === 'ADD') this.#requireLocal(step, sources);
    if (chmod !== undefined && !/^[0-7]{3,4}$/.test(expand(chmod))) throw at(step, `--chmod=${chmod} is no number`);
    try {
      copyInto(tree, from === undefined ? this.#context : this.#from(stage, step, expand(from)), {
        sources: sources.toReversed(),
        target,
        workingDirectory: settings.WorkingDir ?? '/',
        owner: chown === undefined ? { uid: 0, gid: 0 } : ownerIn(step, expand(chown)),
        mode: chmod === undefined ? undefined : parseInt(expand(chmod), 8),
      });
    } catch (error) {
      throw error instanceof Error && !error.message.startsWith('line ') ? at(step, error.message) : error;
    }
  }

  #from(stage: Stage, step: Step, name: string): Tree {
    const earlier = this.#earlier(stage, name);
    if (earlier === undefined) throw at(step, `--from=${name} is another image`);
    return this.#stage(earlier).tree;
  }

  #requireLocal(step: Step, sources: readonly string[]): void {
    for (const source of sources) {
      if (/^(?:https?|git|ssh):\/\/|^git@/.test(source)) throw at(step, `${source} is not fetched`);
      const entry = this.#context.entries.get(source.replace(/^\.?\//, ''));
      if (entry?.kind === 'file' && isArchive(entry.from))
        throw at(step, `${source} is an archive, which is not unpacked`);
    }
  }
}
