/**
 * Loaded before everything else, by the scripts of package.json, and written in the JavaScript of ten years ago: a Node that
 * can't even read the other files hears in one line what it lacks. Debian 12 has Node 18, Ubuntu 22.04 has Node 12.
 */
'use strict';
var wanted = require('../../package.json').engines.node.replace('>=', '');

function complaintOf(version) {
  var have = version.split('.').map(Number);
  var need = wanted.split('.').map(Number);
  if (have[0] > need[0] || (have[0] === need[0] && have[1] >= need[1])) return undefined;
  return 'Node ' + version + ' is too old: install ' + wanted + ' or newer from https://nodejs.org';
}

/** From here on preflight.mjs and what it loads can be read, which has the rest of the machine to complain about too. */
var FIRST_READABLE = 18;
var complaint = complaintOf(process.versions.node);
if (complaint !== undefined && Number(process.versions.node.split('.')[0]) < FIRST_READABLE) {
  console.error(complaint);
  // EX_UNAVAILABLE of sysexits.h: something that is needed is not there.
  process.exit(69);
}

module.exports = { complaintOf: complaintOf };
