#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Prints a TCP port on 127.0.0.1 that nobody listens on now.
exec node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close() })'
