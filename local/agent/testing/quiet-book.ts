/** A book of complaints that tells nobody of them. */
import { ComplaintBook } from '../reports/complaint-book.ts';

export const quietBook = (): ComplaintBook => new ComplaintBook({ log: () => undefined, onNew: () => undefined });
