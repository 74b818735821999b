/** The agent: its parts, the loop over them (loop/region-watch.ts, loop/pass.ts), and what goes on beside it. */
import { join } from 'node:path';
import { oneLine } from '../region/one-line.ts';
import type { AgentConfig } from '../region/agent-config.ts';
import type { Tools } from './core/container-command.ts';
import { permissionsOf } from './core/network/security-groups.ts';
import { FaultController } from './orders/fault-controller.ts';
import type { LedgerFile } from './take-over/ledger-file.ts';
import { formerAgent } from './loop/former-agent.ts';
import { Heartbeat } from './loop/heartbeat.ts';
import { Pass } from './loop/pass.ts';
import { RegionWatch } from './loop/region-watch.ts';
import { allSideWork } from './loop/all-side-work.ts';
import type { SideWork } from './loop/side-work.ts';
import { Reserve } from './logs/reserve.ts';
import { LostConnections } from './network/lost-connections.ts';
import { Observer } from './observation/observer.ts';
import { PlacesFile, PLACES_FILE } from '../region/places.ts';
import { TASKS_DIRECTORY } from '../region/tasks.ts';
import { run as runCommand } from './runtime/command.ts';
import { disconnect } from './runtime/sockets-of.ts';
import { TaskFiles } from './reports/task-files.ts';
import { TaskReporter } from './reports/task-reporter.ts';
import { makeParts } from './parts.ts';

export class Agent {
  readonly #watch: RegionWatch;
  readonly #sideWork: SideWork;

  /** @param ledger has what an agent before this one started */
  constructor(config: AgentConfig, tools: Tools, ledger: LedgerFile) {
    const parts = makeParts(config, tools, note);
    const { addresses, changes, channel, inventory, loadBalancers, reader, run, scaling, services, tasks } = parts;
    const observer = new Observer({
      ...parts,
      state: () => reader.state,
      permissions: () =>
        permissionsOf({ interfaces: inventory.interfaces(), groups: reader.state?.securityGroups ?? [] }),
      onSent: (at) => channel.closeMinute(at),
      onMinute: (minute) => {
        scaling.minute(minute).catch((error: unknown) => {
          note(`scaling failed and is tried again in a minute: ${oneLine(error)}`);
        });
      },
      log: note,
    });
    const reporter = new TaskReporter(channel, new TaskFiles(join(run, TASKS_DIRECTORY)), {
      failed: (task) => {
        services.taskFailed(task);
        changes.note();
      },
      over: (task) => {
        tasks.delete(task.plan.id);
        loadBalancers.health.forget(task);
        addresses.give(task.plan.address);
        changes.note();
      },
    });
    const pass = new Pass({
      ...parts,
      ledger,
      reporter,
      faults: new FaultController(),
      places: new PlacesFile(join(run, PLACES_FILE)),
      lostConnections: new LostConnections((place, peers) => disconnect(place, peers, runCommand)),
    });
    const resynced = [reporter, services, loadBalancers.health, parts.endpoints];
    this.#watch = new RegionWatch({
      ...parts,
      orders: {
        look: () => {
          const other = parts.lookOutside();
          return parts.orders.look() || other;
        },
      },
      former: formerAgent({ ...parts, ledger, log: note }),
      resync: () => {
        for (const one of resynced) one.resync();
      },
      pass: (state) => pass.run(state),
      log: note,
    });
    const heartbeat = new Heartbeat(channel, changes);
    const reserve = new Reserve(runCommand);
    const { health } = loadBalancers;
    this.#sideWork = allSideWork({ ...parts, config, health, observer, heartbeat, reserve, log: note });
  }

  /** @throws RouterLost when nothing that runs has a network any more: only a new agent helps */
  async run(onReady: () => void): Promise<never> {
    await this.#sideWork.start();
    return this.#watch.run(onReady);
  }
}

function note(message: string): void {
  console.log(`${new Date().toISOString()} ${message}`);
}
