import { placeOf, placesEnding, pointerTo, valueAt } from './pointers.ts';

const JSON_DOCUMENT = {
  routes: [
    { name: 'one', timeout: '1s' },
    { name: 'two', timeout: '2s', 'a/b~c': null },
  ],
  timeout: '3s',
};

test('a pointer escapes what would be a separator, as RFC 6901 has it', () => {
  expect(pointerTo([])).toBe('');
  expect(pointerTo(['routes', 1, 'a/b~c'])).toBe('/routes/1/a~1b~0c');
});

test('a value is found by its path, through lists too, and is undefined where the path leaves the document', () => {
  expect(valueAt(JSON_DOCUMENT, ['routes', 1, 'timeout'])).toBe('2s');
  expect(valueAt(JSON_DOCUMENT, ['routes', 1, 'a/b~c'])).toBeNull();
  expect(valueAt(JSON_DOCUMENT, ['routes', 2, 'timeout'])).toBeUndefined();
  expect(valueAt(JSON_DOCUMENT, ['timeout', 'length'])).toBeUndefined();
});

test('places are those whose path ends with all the keys, in the order of the document', () => {
  expect(placesEnding(JSON_DOCUMENT, ['timeout'])).toEqual(['/routes/0/timeout', '/routes/1/timeout', '/timeout']);
  expect(placesEnding(JSON_DOCUMENT, ['1', 'timeout'])).toEqual(['/routes/1/timeout']);
  expect(placesEnding(JSON_DOCUMENT, ['x', 'timeout'])).toEqual([]);
  expect(placesEnding(undefined, ['timeout'])).toEqual([]);
});

test('an entry of a list is found by what it has', () => {
  const named = (wanted: string) => placeOf(JSON_DOCUMENT, ['routes'], ({ name }) => name === wanted);
  expect([named('two'), named('three')]).toEqual(['/routes/1', undefined]);
  expect(placeOf(JSON_DOCUMENT, ['timeout'], () => true)).toBeUndefined();
});
