// A journal in a private file of a page's origin, for workers in browsers.

import { messageOf, ReticleError } from "./errors.js";
import type { Store } from "./store.js";

interface SyncAccessHandle {
  read(into: Uint8Array, options: { at: number }): number;
  write(bytes: Uint8Array, options: { at: number }): number;
  truncate(length: number): void;
  getSize(): number;
  flush(): void;
  close(): void;
}

/**
 * A journal in the private file system of the page's origin. Only in a dedicated worker; the file
 * is held exclusively until close().
 *
 * An append is written and flushed before it returns. When the disk is full the browser
 * writes less than it was given and says nothing: that is an error here, and what was partly
 * written is cut off again.
 *
 * @param name the file's name, without slashes; made when it does not exist.
 * @throws ReticleError "Store" where there is no such file system, and the browser's
 *   NoModificationAllowedError when another tab or worker holds the file.
 */
export async function opfs(name: string): Promise<Store> {
  if (typeof navigator === "undefined" || !navigator.storage?.getDirectory) {
    throw new ReticleError(
      "Store",
      "there is no private file system here; it exists in dedicated workers of secure pages",
    );
  }
  const folder = await navigator.storage.getDirectory();
  const file = (await folder.getFileHandle(name, { create: true })) as FileSystemFileHandle & {
    createSyncAccessHandle?(): Promise<SyncAccessHandle>;
  };
  if (!file.createSyncAccessHandle)
    throw new ReticleError(
      "Store",
      "synchronous access to private files exists in dedicated workers only",
    );
  const handle = await file.createSyncAccessHandle();
  let failed: ReticleError | undefined;
  return {
    read() {
      const bytes = new Uint8Array(handle.getSize());
      const count = handle.read(bytes, { at: 0 });
      if (count !== bytes.length)
        throw new ReticleError(
          "Store",
          `only ${count} of ${bytes.length} bytes of ${name} could be read`,
        );
      return bytes;
    },
    append(bytes) {
      if (failed) throw failed;
      const end = handle.getSize();
      try {
        const count = handle.write(bytes, { at: end });
        if (count !== bytes.length)
          throw new ReticleError(
            "Store",
            `only ${count} of ${bytes.length} bytes were written; ` +
              "the disk or the page's quota is full",
          );
        handle.flush();
      } catch (error) {
        failed =
          error instanceof ReticleError
            ? error
            : new ReticleError("Store", messageOf(error), { cause: error });
        try {
          handle.truncate(end);
          handle.flush();
        } catch {
          /* recovery cuts a torn end as well */
        }
        throw failed;
      }
    },
    truncate(length) {
      handle.truncate(length);
      handle.flush();
    },
    close() {
      handle.close();
    },
  };
}
