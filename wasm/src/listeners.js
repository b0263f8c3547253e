/** Who listens to what. A listener that throws is reported like any uncaught error and disturbs nobody else. */
export class Listeners {
    byKind = new Map();
    add(kind, listener) {
        const set = this.byKind.get(kind) ?? new Set();
        this.byKind.set(kind, set.add(listener));
        return () => { set.delete(listener); };
    }
    has(kind) { return (this.byKind.get(kind)?.size ?? 0) > 0; }
    /** True when somebody hears trace records. */
    get trace() {
        for (const [kind, set] of this.byKind)
            if (set.size && !["fired", "change", "event"].includes(kind))
                return true;
        return false;
    }
    tell(kind, what) {
        for (const listener of [...this.byKind.get(kind) ?? []]) {
            try {
                listener(what);
            }
            catch (error) {
                if (typeof reportError === "function")
                    reportError(error);
                else
                    queueMicrotask(() => { throw error; });
            }
        }
    }
    tellTrace(record) {
        this.tell("trace", record);
        if (record.kind !== "event")
            this.tell(record.kind, record);
    }
}
