'use strict';

// The package for `require`. `index.js` names the same for `import`, so that a program which uses
// both has one set of classes.

const { Engine } = require('./lib/engine.cjs');
const { Host } = require('./lib/host.cjs');
const { Client } = require('./lib/client.cjs');
const errors = require('./lib/errors.cjs');
const clis = require('./lib/clis.cjs');

module.exports = { Host, Engine, Client, ...errors.classes, ...clis };
