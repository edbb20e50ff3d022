// SPDX-License-Identifier: Apache-2.0

// Puts name.br and name.gz beside every text file of dist that gets smaller by it, so
// that the server never compresses while somebody waits.

import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

const dist = fileURLToPath(new URL('../dist/', import.meta.url))
const texts = new Set(['.html', '.js', '.css', '.svg', '.json', '.txt', '.webmanifest'])
/** Below this, the headers weigh more than what is saved. */
const smallest = 512

for (const name of readdirSync(dist, { recursive: true })) {
  const path = join(dist, name)
  if (!texts.has(extname(name)) || !statSync(path).isFile()) continue
  const content = readFileSync(path)
  if (content.length < smallest) continue
  keep(`${path}.gz`, gzipSync(content, { level: 9 }), content.length)
  const options = { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: content.length } }
  keep(`${path}.br`, brotliCompressSync(content, options), content.length)
}

function keep(path, compressed, before) {
  if (compressed.length < before) writeFileSync(path, compressed)
}
