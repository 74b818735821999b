/** The `highlands` command. */
import { LOGS } from '../region/paths.ts';
import { Complaint } from '../region/complaint.ts';
import { Shown } from '../terminal/rendering.ts';
import { endWithPipe } from './closed-pipe.ts';
import { isInterrupted } from './interrupt.ts';
import { leaveWhenFailed } from './leave.ts';
import { program } from './program.ts';

async function main(): Promise<void> {
  try {
    await program.parseAsync();
  } catch (error) {
    // What is being taken away fails, and that is no news.
    if (isInterrupted()) return;
    if (error instanceof Complaint) console.error(error.message);
    else if (!(error instanceof Shown))
      console.error(
        `${error instanceof Error ? error.message : String(error)}\n(this should not happen; logs are in ${LOGS})`,
      );
    process.exitCode = error instanceof Complaint ? error.exitCode : 1;
  }
}

endWithPipe();
void leaveWhenFailed(main);
