/** Remembers what the agent can't make real, and lets each thing be tried by itself. */
import { isControlPlaneGone } from '../aws/control-plane-gone.ts';
import { oneLine } from '../../region/one-line.ts';
import type { Complain, ResourceComplaint } from '../../region/complaints.ts';

/** A look at one kind of thing, from its first resource to its last. */
export interface Round {
  readonly complain: Complain;
  /** Ends the look: who was complained about in the last one and was not in this one is fine again. */
  readonly end: () => void;
}

export interface ComplaintListener {
  readonly log: (message: string) => void;
  /** Once for each complaint that is new, or says something new. */
  readonly onNew: Complain;
}

/** What stands for the control plane in the list: it fails for everything at once. */
const CONTROL_PLANE = 'control plane';

type Section = ReadonlyMap<string, ResourceComplaint>;

export class ComplaintBook {
  /** The complaints of each kind of look, by resource. */
  readonly #sections = new Map<string, Section>();
  readonly #listener: ComplaintListener;
  readonly #now: () => number;

  constructor(listener: ComplaintListener, now: () => number = Date.now) {
    this.#listener = listener;
    this.#now = now;
  }

  /** One entry for each resource, the oldest first. */
  list(): ResourceComplaint[] {
    const found = new Map<string, ResourceComplaint>();
    for (const one of [...this.#sections.values()].flatMap((section) => [...section.values()])) {
      const other = found.get(one.resource);
      found.set(one.resource, other === undefined ? one : joined(other, one));
    }
    return [...found.values()].sort((a, b) => a.since - b.since);
  }

  /** @param name what is looked at; its complaints replace those of its last look */
  round(name: string): Round {
    const before = this.#sections.get(name) ?? new Map<string, ResourceComplaint>();
    const found = new Map<string, ResourceComplaint>();
    return {
      complain: (resource, message) => {
        const known = found.get(resource);
        const since = before.get(resource)?.since ?? this.#now();
        const one = { resource, message, since };
        found.set(resource, known === undefined ? one : joined(known, one));
      },
      end: () => {
        this.#sections.set(name, found);
        this.#tell(before, found);
      },
    };
  }

  /**
   * Does something for each thing, one after the other; what throws costs that thing alone.
   * @param fatal errors that nobody goes on after
   */
  async each<T>(
    name: string,
    things: Iterable<T>,
    resourceOf: (thing: T) => string,
    act: (thing: T, complain: Complain) => unknown,
    fatal: (error: unknown) => boolean = () => false,
  ): Promise<void> {
    const round = this.round(name);
    for (const thing of things) {
      try {
        await act(thing, round.complain);
      } catch (error) {
        if (fatal(error)) throw error;
        round.complain(isControlPlaneGone(error) ? CONTROL_PLANE : resourceOf(thing), oneLine(error));
      }
    }
    round.end();
  }

  /** One thing that is done as a whole. @returns whether it was done */
  async step(name: string, act: (complain: Complain) => unknown): Promise<boolean> {
    let done = false;
    const once = async (_: string, complain: Complain): Promise<void> => {
      await act(complain);
      done = true;
    };
    await this.each(name, [name], (one) => one, once);
    return done;
  }

  #tell(before: Section, found: Section): void {
    for (const { resource, message } of found.values()) {
      if (before.get(resource)?.message === message) continue;
      this.#listener.log(`${resource}: ${message}`);
      this.#listener.onNew(resource, message);
    }
    for (const resource of before.keys()) {
      if (!found.has(resource)) this.#listener.log(`${resource}: what was complained about is over`);
    }
  }
}

function joined(a: ResourceComplaint, b: ResourceComplaint): ResourceComplaint {
  const message = a.message.includes(b.message) ? a.message : `${a.message}; ${b.message}`;
  return { resource: a.resource, message, since: Math.min(a.since, b.since) };
}
