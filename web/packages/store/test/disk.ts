/** fake-indexeddb's own classes, so that a test can break the disk at a chosen write. */

import { IDBDatabase, IDBObjectStore } from "fake-indexeddb";

export const FDBObjectStore = IDBObjectStore;
export const FDBDatabase = IDBDatabase;
