// SPDX-License-Identifier: Apache-2.0

// Import rules of the front end, from the same layers.json that holds the Go packages:
// a domain may use api.ts and use/ of the domains below it, and nothing else of them.

import { readFileSync, readdirSync } from 'node:fs'

const layersFile = new URL('../../layers.json', import.meta.url)
const domainsFolder = new URL('../src/domains/', import.meta.url)

/** Libraries that are too heavy for an old phone. */
const heavy = '^(element-plus|@element-plus|vant|echarts|zrender|vue-i18n)(/|$)'

/** The parts below all domains, and what each may not use. */
const grounds = {
  shared: ['kit', 'domains', 'entries'],
  kit: ['domains', 'entries'],
}

/**
 * ESLint configurations that hold the ladder. The rule's options of several
 * configurations do not add up, so each folder has exactly one.
 */
export function ladder() {
  const layers = JSON.parse(readFileSync(layersFile, 'utf8')).layers
  const domains = readdirSync(domainsFolder)
  return [
    ...Object.entries(grounds).map(([part, above]) =>
      rules(`src/${part}/**`, [...above.map((other) => forbid(`^@/${other}/`, `${part} lies below ${other}.`)), light(part)]),
    ),
    rules('src/shared/console/**', grounds.shared.map((other) => forbid(`^@/${other}/`, `shared lies below ${other}.`))),
    rules('src/entries/public/**', [light('The public entry'), otherFace('console')]),
    rules('src/entries/console/**', [otherFace('public')]),
    ...domains.flatMap((domain) => domainRules(domain, domains, layers)),
  ]
}

function domainRules(domain, domains, layers) {
  const inside = [
    forbid('^@/entries/', 'A domain does not know the entries.'),
    ...domains.filter((other) => other !== domain).map((other) => between(domain, other, layers)),
  ]
  return [
    rules(`src/domains/${domain}/**`, inside),
    rules(`src/domains/${domain}/public/**`, [...inside, light('A public page'), otherFace('console')]),
    rules(`src/domains/${domain}/console/**`, [...inside, otherFace('public'), forbid('^@/kit/', 'The kit is for public pages.')]),
  ]
}

function between(domain, other, layers) {
  if (rowOf(other, layers) < rowOf(domain, layers)) {
    return forbid(
      `^(@/domains|(\\.\\./)+)/?${other}/(?!api$|use/)`,
      `Of ${other} only api.ts and use/ may be used by ${domain}.`,
    )
  }
  return forbid(`^(@/domains|(\\.\\./)+)/?${other}/`, `${domain} may not use ${other}, which is not below it in layers.json.`)
}

function rowOf(domain, layers) {
  const row = layers.findIndex((names) => names.includes(domain))
  if (row < 0) throw new Error(`src/domains/${domain} is not in layers.json`)
  return row
}

const light = (who) => forbid(heavy, `${who} must stay small: use native elements and the kit.`)

const otherFace = (face) => forbid(`(^|/)${face}/`, `This is the ${face} face; share through api.ts and use/.`)

function forbid(regex, message) {
  return { regex, message }
}

function rules(files, patterns) {
  return { files: [files], rules: { 'no-restricted-imports': ['error', { patterns }] } }
}
