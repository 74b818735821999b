/** What is said of a way out of the VPC while `--egress` opens nothing. */
import { warned } from './rules.ts';

export const NO_WAY_OUT = warned(
  'it leads to the region’s own APIs, and tasks have no other way out while --egress opens none',
  'open what the app calls, such as --egress api.example.com:443, or let it go on without',
);
