// SPDX-License-Identifier: Apache-2.0

// Fails when the script that a visitor needs for the first public pages grows over its
// budget, or when a built file names another host.

import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

const dist = fileURLToPath(new URL('../dist/', import.meta.url))
const budget = 100 * 1024
const pages = ['src/domains/portal/public/Home.vue', 'src/domains/hazard/public/Report.vue']

/** Hosts that may be named: XML namespaces are names, and the rest stands in messages for developers. */
const harmless = /^(www\.w3\.org|vuejs\.org|element-plus\.org|link\.vuejs\.org|localhost|127\.0\.0\.1)$/

const manifest = JSON.parse(readFileSync(join(dist, '.vite/manifest.json'), 'utf8'))

function closure(entry, files = new Set()) {
  const chunk = manifest[entry]
  if (!chunk) throw new Error(`${entry} is not in the build`)
  if (files.has(chunk.file)) return files
  files.add(chunk.file)
  for (const next of chunk.imports ?? []) closure(next, files)
  return files
}

const gzipped = (file) => gzipSync(readFileSync(join(dist, file)), { level: 9 }).length
const sum = (files) => [...files].reduce((total, file) => total + gzipped(file), 0)
const show = (bytes) => `${(bytes / 1024).toFixed(1)} KB`

const first = closure('index.html')
console.log(`public entry                 ${show(sum(first))} gzip`)
for (const page of pages) {
  const more = [...closure(page)].filter((file) => !first.has(file))
  console.log(`+ ${page.padEnd(40)} ${show(sum(more))}`)
}
const together = new Set([...first, ...pages.flatMap((page) => [...closure(page)])])
const total = sum(together)
console.log(`public first load            ${show(total)} of ${show(budget)}`)

/** What a tip-off fetches beside the first pages, and what sealing it fetches then. */
const tip = ['src/domains/tip/public/Tip.vue', 'node_modules/age-encryption/dist/index.js'].map(
  (name) => Object.keys(manifest).find((entry) => entry.endsWith(name)) ?? name,
)
const fetched = new Set(first)
for (const entry of tip) {
  const more = [...closure(entry)].filter((file) => !fetched.has(file))
  more.forEach((file) => fetched.add(file))
  console.log(`tip: ${entry.padEnd(37)} ${show(sum(more))}`)
}

const failures = []
if (tip.some((entry) => together.has(manifest[entry].file))) failures.push('the first load holds what only tips need')
if (total > budget) failures.push(`the public first load is ${show(total)}, more than ${show(budget)}`)

for (const name of readdirSync(dist, { recursive: true })) {
  const path = join(dist, name)
  if (!statSync(path).isFile() || !['.html', '.js', '.css', '.svg', '.json'].includes(extname(name))) continue
  for (const [, host] of readFileSync(path, 'utf8').matchAll(/(?:https?:|wss?:|["'(=])\/\/([a-z0-9][a-z0-9.-]*\.[a-z]{2,})/gi)) {
    if (!harmless.test(host)) failures.push(`${name} names the host ${host}`)
  }
}

if (!existsSync(join(dist, 'console.html'))) failures.push('console.html is not in the build')
for (const failure of failures) console.error(`size-budget: ${failure}`)
process.exit(failures.length > 0 ? 1 : 0)
