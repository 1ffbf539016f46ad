/** The database as the worker uses it: opened for one act, so that it never blocks a newer page. */

import { createStores, DATABASE, DATABASE_VERSION } from "../shared/database";

/** Do one thing in one object store; resolves when it is on disk. */
export async function within<T>(
  name: "queue" | "handed",
  act: (store: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
  const database = await opened();
  const transaction = database.transaction(name, "readwrite");
  const asked = act(transaction.objectStore(name));
  // Once its transactions are over (Indexed Database API, section 5.2).
  database.close();
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve(asked.result);
    transaction.onabort = () => reject(transaction.error);
  });
}

function opened(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(DATABASE, DATABASE_VERSION);
    asked.onupgradeneeded = () => createStores(asked.result);
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}
