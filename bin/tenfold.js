#!/usr/bin/env node
import { inlineMore } from '../dist/cli/inlining.js';
import { main } from '../dist/cli/main.js';

inlineMore();
process.exitCode = await main(process.argv.slice(2));
