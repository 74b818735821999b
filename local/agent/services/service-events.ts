/** The events of a service: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages.html */
import type { ControlPlaneChannel, ServiceReport } from '../aws/control-plane-channel.ts';
import { isControlPlaneGone } from '../aws/control-plane-gone.ts';
import type { Service } from '../core/region-state.ts';
import type { ComplaintBook } from '../reports/complaint-book.ts';

/** "Only the 100 most recent events" */
const EVENTS_KEPT = 100;

export interface EventParts {
  readonly channel: Pick<ControlPlaneChannel, 'putServiceEvents'>;
  readonly log: (message: string) => void;
}

type Named = Pick<Service, 'arn' | 'name'>;

export class ServiceEvents {
  readonly #parts: EventParts;
  /** By ARN: those that the control plane does not have yet. */
  readonly #events = new Map<string, ServiceReport['events']>();
  readonly #noted = new Map<string, Set<string>>();

  constructor(parts: EventParts) {
    this.#parts = parts;
  }

  of(serviceArn: string): ServiceReport['events'] {
    return this.#events.get(serviceArn) ?? [];
  }

  add(service: Named, message: string): void {
    this.#parts.log(`service ${service.name}: ${message}`);
    const events = [...this.of(service.arn), { createdAt: Date.now() / 1000, message }];
    // While the control plane is gone nobody takes them; it keeps the last hundred, as ECS does.
    this.#events.set(service.arn, events.slice(-EVENTS_KEPT));
  }

  /** Adds an event once, and not with each task. */
  note(service: Named, message: string): void {
    const noted = this.#noted.get(service.arn) ?? new Set();
    if (noted.has(message)) return;
    this.#noted.set(service.arn, noted.add(message));
    this.add(service, `(service ${service.name}) ${message}`);
  }

  /** After the control plane has them. */
  taken(serviceArn: string): void {
    this.#events.delete(serviceArn);
  }

  /** A service that can't be read has no deployment here that could be reported, but events. */
  async tellUnread(read: ReadonlySet<string>, book: ComplaintBook): Promise<void> {
    const unread = [...this.#events].filter(([arn]) => !read.has(arn));
    const act = async ([arn, events]: (typeof unread)[number]): Promise<void> => {
      await this.#parts.channel.putServiceEvents(arn, events).catch((error: unknown) => {
        // One that is deleted wants no events.
        if (isControlPlaneGone(error)) throw error;
      });
      this.taken(arn);
    };
    await book.each('events of services', unread, ([arn]) => arn, act);
  }

  /** Forgets what was noted of services that are gone. */
  keepOnly(serviceArns: ReadonlySet<string>): void {
    for (const arn of this.#noted.keys()) if (!serviceArns.has(arn)) this.#noted.delete(arn);
  }
}
