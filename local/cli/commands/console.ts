/** `highlands console`: where its page is. */
import { Complaint } from '../../region/complaint.ts';
import { consoleUrlOf, requireRegion } from '../../region/region-file.ts';

export function printConsole(): void {
  const url = consoleUrlOf(requireRegion());
  if (url === undefined)
    throw new Complaint('the region has no console: start it again with `npm stop` and `npm start`');
  console.log(url);
}
