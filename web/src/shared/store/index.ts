// SPDX-License-Identifier: Apache-2.0

/**
 * A small cupboard on this device (IndexedDB): named shelves of values by key.
 * Values are what the structured clone algorithm can copy. Each call is one
 * transaction and resolves when the data is durable as far as the browser says.
 */
export interface Cupboard {
  get<T>(shelf: string, key: string): Promise<T | undefined>
  all<T>(shelf: string): Promise<T[]>
  /** Carries out all changes, or none. */
  change(changes: readonly Change[]): Promise<void>
}

export type Change =
  | { shelf: string; put: unknown; key: string }
  | { shelf: string; drop: string }

/**
 * Opens the cupboard with the given shelves. Rejects where the browser forbids
 * storage. To add a shelf, raise the version.
 */
export async function openCupboard(name: string, version: number, shelves: readonly string[]): Promise<Cupboard> {
  const opening = indexedDB.open(name, version)
  opening.onupgradeneeded = () => {
    for (const shelf of shelves) {
      if (!opening.result.objectStoreNames.contains(shelf)) opening.result.createObjectStore(shelf)
    }
  }
  const db = await answer(opening)
  db.onversionchange = () => db.close() // a newer page wants to upgrade
  return {
    get: (shelf, key) => answer(db.transaction(shelf).objectStore(shelf).get(key)),
    all: (shelf) => answer(db.transaction(shelf).objectStore(shelf).getAll()),
    change: (changes) => carryOut(db, changes),
  }
}

function carryOut(db: IDBDatabase, changes: readonly Change[]): Promise<void> {
  const transaction = db.transaction([...new Set(changes.map((c) => c.shelf))], 'readwrite')
  for (const c of changes) {
    const shelf = transaction.objectStore(c.shelf)
    if ('drop' in c) shelf.delete(c.drop)
    else shelf.put(c.put, c.key)
  }
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve()
    transaction.onabort = () => reject(transaction.error ?? new Error('storage transaction aborted'))
  })
}

function answer<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error ?? new Error('storage request failed'))
  })
}

/** A cupboard that lasts as long as the page: for browsers that forbid storage. */
export function memoryCupboard(): Cupboard {
  const shelves = new Map<string, Map<string, unknown>>()
  const shelf = (name: string): Map<string, unknown> => {
    const known = shelves.get(name) ?? new Map<string, unknown>()
    shelves.set(name, known)
    return known
  }
  return {
    get: async <T>(name: string, key: string) => shelf(name).get(key) as T | undefined,
    all: async <T>(name: string) => [...shelf(name).values()] as T[],
    change: async (changes) => {
      for (const c of changes) {
        if ('drop' in c) shelf(c.shelf).delete(c.drop)
        else shelf(c.shelf).set(c.key, structuredClone(c.put))
      }
    },
  }
}
