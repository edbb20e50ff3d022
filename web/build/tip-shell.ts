// SPDX-License-Identifier: Apache-2.0

import { readFileSync } from 'node:fs'
import type { Plugin } from 'vite'

const words = new URL('../src/domains/tip/noscript.html', import.meta.url)

/**
 * Makes tip.html, the shell of /tip: index.html with other words for browsers without
 * script, which cannot seal anything, and nothing that says in a preview what the page is.
 */
export function tipShell(): Plugin {
  return {
    name: 'anlan-tip-shell',
    apply: 'build',
    enforce: 'post',
    generateBundle(_options, bundle) {
      const page = bundle['index.html']
      if (page?.type !== 'asset') throw new Error('index.html is not in the build')
      this.emitFile({ type: 'asset', fileName: 'tip.html', source: shellOf(String(page.source)) })
    },
  }
}

function shellOf(page: string): string {
  const shell = page
    .replace(/<noscript>[^]*<\/noscript>/, `<noscript>\n${readFileSync(words, 'utf8')}</noscript>`)
    .replace(/<meta name="description"[^>]*>/, '<meta name="referrer" content="no-referrer">')
  if (!shell.includes('no-referrer') || !shell.includes('加密')) throw new Error('tip.html cannot be made of this index.html')
  return shell
}
