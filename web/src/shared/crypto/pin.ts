// SPDX-License-Identifier: Apache-2.0

/**
 * Which directory key this device believes: the one that was built into the page
 * (VITE_TIP_PIN), or else the first one it saw.
 */
import { memoryCupboard, openCupboard, type Cupboard } from '@/shared/store'

const shelf = 'pins'
const name = 'directory'

/** How a directory key is known: built in, seen before, seen for the first time, or not the one that is. */
export type Known = 'built' | 'before' | 'first' | 'other'

let opened: Promise<Cupboard> | undefined

function cupboard(): Promise<Cupboard> {
  opened ??= openCupboard('anlan-trust', 1, [shelf]).catch(() => memoryCupboard())
  return opened
}

/** Compares a directory key (base64) with the one that is believed, and remembers the first. */
export async function checkPin(directory: string, built: string | undefined = import.meta.env.VITE_TIP_PIN): Promise<Known> {
  if (built) return built === directory ? 'built' : 'other'
  const store = await cupboard()
  const first = await store.get<string>(shelf, name)
  if (first !== undefined) return first === directory ? 'before' : 'other'
  await store.change([{ shelf, put: directory, key: name }])
  return 'first'
}
