// A journal in a file, for Node. A lock beside the file says which process writes it.

import {
  closeSync,
  constants,
  existsSync,
  fdatasyncSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  linkSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { messageOf, ReticleError } from "./errors.js";
import type { Store } from "./store.js";

/**
 * A journal in a file, opened for appending only and flushed with fdatasync before an
 * append returns. The bytes are the same as those of the command `reticle run --journal`
 * and of the C++ library.
 *
 * One writer at a time, also among programs that link the native library: a file `<path>.lock` that
 * names this process stands beside it until close(). A lock whose process no longer runs is taken
 * over (`engine/src/stores/lock_file.h` has the protocol).
 *
 * @param path the file; made when it does not exist, its folder must.
 * @throws ReticleError "Busy" when another engine has it open, "Store" when the file cannot be
 *   opened; from an append also when the file was deleted or changed by somebody else.
 */
export function file(path: string): Store {
  const unlock = lock(`${path}.lock`);
  let descriptor: number;
  try {
    const isNew = !existsSync(path);
    descriptor = openSync(path, constants.O_RDWR | constants.O_APPEND | constants.O_CREAT, 0o644);
    if (isNew) syncFolder(dirname(path));
  } catch (error) {
    unlock();
    throw new ReticleError("Store", `the journal cannot be opened: ${messageOf(error)}`, {
      where: path,
      cause: error,
    });
  }
  let open = true;
  let failed: ReticleError | undefined;
  /** As this store left it; looked at before the first append. */
  let length: number | undefined;
  const stop = (why: string, cause?: unknown): never => {
    failed = new ReticleError("Store", why, { where: path, cause });
    throw failed;
  };
  /** What is appended to a file without a name, or cut by somebody else, would be lost. */
  const isAsLeft = () => {
    const state = fstatSync(descriptor);
    length ??= state.size;
    if (state.nlink === 0) stop("the journal was deleted while it was open; nothing was appended");
    if (state.size !== length)
      stop(
        `the journal has ${state.size} bytes, and ${length} were written: ` +
          "somebody else changed it; nothing was appended",
      );
  };
  const guard = () => {
    if (!open) throw new ReticleError("Closed", `the journal ${path} was closed`);
    if (failed) throw failed;
  };
  return {
    read() {
      guard();
      const bytes = new Uint8Array(fstatSync(descriptor).size);
      let at = 0;
      while (at < bytes.length) {
        const count = readSync(descriptor, bytes, at, bytes.length - at, at);
        if (count === 0)
          throw new ReticleError("Store", `${path} became shorter while it was read`, {
            where: path,
          });
        at += count;
      }
      return bytes;
    },
    append(bytes) {
      guard();
      isAsLeft();
      try {
        for (let at = 0; at < bytes.length; )
          at += writeSync(descriptor, bytes, at, bytes.length - at);
        fdatasyncSync(descriptor);
        length = (length ?? 0) + bytes.length;
      } catch (error) {
        // After a failed flush it is not known what is on the disk: the store takes nothing more,
        // and opening it again reads what is there.
        stop(`the journal cannot be written: ${messageOf(error)}`, error);
      }
    },
    truncate(size) {
      guard();
      ftruncateSync(descriptor, size);
      fdatasyncSync(descriptor);
      length = size;
    },
    close() {
      if (!open) return;
      open = false;
      closeSync(descriptor);
      unlock();
    },
  };
}

/** Makes the lock file, or says who holds it; returns a function that removes it. */
function lock(path: string): () => void {
  const own = `${path}.${process.pid}`;
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      // Linked into place whole: no process ever sees a lock without its owner.
      writeFileSync(own, `${process.pid} ${beginOf(process.pid)}\n`);
      linkSync(own, path);
      unlinkSync(own);
      return () => {
        try {
          unlinkSync(path);
        } catch {
          /* somebody cleaned up */
        }
      };
    } catch (error) {
      try {
        unlinkSync(own);
      } catch {
        /* it was not made */
      }
      if (!isErrno(error) || error.code !== "EEXIST")
        throw new ReticleError("Store", `the journal cannot be locked: ${messageOf(error)}`, {
          where: path,
          cause: error,
        });
    }
    refuseIfHeld(path);
    // Two processes may find the same stale lock: only what one has moved aside, and found stale
    // there too, is thrown away.
    try {
      renameSync(path, own);
    } catch {
      continue; // removed meanwhile
    }
    try {
      refuseIfHeld(own);
    } catch (error) {
      try {
        linkSync(own, path);
      } catch {
        /* somebody else has it now */
      }
      throw error;
    } finally {
      try {
        unlinkSync(own);
      } catch {
        /* gone */
      }
    }
  }
  throw new ReticleError("Busy", "other processes are opening this journal at this moment", {
    where: path,
    fix: "try again",
  });
}

function refuseIfHeld(path: string): void {
  const holder = holderOf(path);
  if (holder === undefined) return;
  throw new ReticleError("Busy", `another engine has this journal open: process ${holder}`, {
    where: path,
    fix: "close that engine first; if that process is none of yours, delete the lock file",
  });
}

/** Which process holds the lock; nothing when it is stale or gone. */
function holderOf(path: string): number | undefined {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
  const [number, begin] = text.trim().split(" ");
  const id = Number(number);
  if (!Number.isInteger(id) || id <= 0 || !isRunning(id)) return undefined;
  const now = beginOf(id);
  return !begin || !now || begin === now ? id : undefined;
}

/** When a process began, as Linux counts it (field 22 of its stat); empty where not known. */
function beginOf(id: number): string {
  try {
    const stat = readFileSync(`/proc/${id}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
  } catch {
    return "";
  }
}

function isRunning(id: number): boolean {
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    return isErrno(error) && error.code === "EPERM";
  }
}

function isErrno(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "code" in error;
}

/** Without this a new file's name may be lost with the power. */
function syncFolder(path: string): void {
  try {
    const folder = openSync(path, constants.O_RDONLY);
    try {
      fsyncSync(folder);
    } finally {
      closeSync(folder);
    }
  } catch {
    /* some systems cannot flush a folder */
  }
}
