/** The Chromium that the console's tests run in: HIGHLANDS_CHROMIUM, or what the PATH has. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

export function findChromium({ HIGHLANDS_CHROMIUM, PATH = '' } = process.env) {
  const places = PATH.split(delimiter).flatMap((directory) => NAMES.map((name) => join(directory, name)));
  return (HIGHLANDS_CHROMIUM === undefined ? places : [HIGHLANDS_CHROMIUM]).find((place) => {
    try {
      accessSync(place, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
