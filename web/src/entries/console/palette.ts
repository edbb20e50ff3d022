// SPDX-License-Identifier: Apache-2.0

import { computed, ref, shallowRef, watch } from 'vue'
import { groups, railOf, type Hit, type SearchSource } from '@/shared/console/meta'
import { can } from '@/shared/console/session'
import { routes } from './router'
import { t } from './words'

type Numbered = Hit & { index: number }

/** Each domain that can find things by words has a `console/search.ts`. */
const sources = Object.values(
  import.meta.glob<SearchSource>('/src/domains/*/console/search.ts', { eager: true, import: 'default' }),
)

const pause = 200 // ms without typing before the server is asked
const most = 12 // hits of one kind

/** What Ctrl-K finds: pages at once, things after a pause in typing. A source that fails is left out. */
export function usePalette() {
  const words = ref('')
  const finding = ref(false)
  const found = shallowRef<{ title: string; hits: Hit[] }[]>([])
  let running: AbortController | undefined
  let timer: ReturnType<typeof setTimeout> | undefined

  watch(words, (now) => {
    clearTimeout(timer)
    running?.abort()
    found.value = []
    finding.value = now.trim() !== ''
    if (finding.value) timer = setTimeout(() => void ask(now.trim()), pause)
  })

  async function ask(what: string): Promise<void> {
    const mine = (running = new AbortController())
    const asked = sources.filter((source) => can(...source.perms))
    const answers = await Promise.allSettled(asked.map((source) => source.find(what, mine.signal)))
    if (mine !== running || mine.signal.aborted) return
    found.value = answers.map((answer, i) => ({
      title: asked[i]?.title() ?? '',
      hits: answer.status === 'fulfilled' ? answer.value.slice(0, most) : [],
    }))
    finding.value = false
  }

  const parts = computed(() => {
    const filled = [{ title: t('search.pages'), hits: pages(words.value) }, ...found.value].filter((part) => part.hits.length)
    let index = 0
    return filled.map((part) => ({ title: part.title, hits: part.hits.map<Numbered>((hit) => ({ ...hit, index: index++ })) }))
  })
  const hits = computed(() => parts.value.flatMap((part) => part.hits))

  return { words, parts, hits, finding, clear: () => (words.value = '') }
}

function pages(words: string): Hit[] {
  const rail = railOf(routes)
  const all = groups.flatMap((group) =>
    rail[group].map((page) => ({ label: page.meta?.title?.() ?? '', note: t(`groups.${group}`), to: page.path })),
  )
  const wanted = words.trim().toLowerCase()
  return all.filter((page) => `${page.label} ${page.note}`.toLowerCase().includes(wanted)).slice(0, wanted ? most : all.length)
}
