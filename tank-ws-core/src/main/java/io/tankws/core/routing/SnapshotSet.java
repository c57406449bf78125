package io.tankws.core.routing;

import java.util.Arrays;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * A set that is iterated far more often than it changes. Adding and removing take constant time and allocate nothing.
 * An iteration uses an array that is rebuilt only after a change. Guarded by the lock of its owner.
 *
 * @param <E> type of the entries; each entry knows its index, so it is in at most one set
 * @param <V> type of the view of an entry, so that an iteration visits no further objects
 */
public final class SnapshotSet<E extends SnapshotSet.Entry, V> {
    private final Function<E, V> view;
    private final IntFunction<V[]> views;
    private @Nullable E[] entries;
    private int size;
    private V @Nullable [] snapshot;
    private E @Nullable [] allEntries;

    /** An entry of a set. */
    public abstract static class Entry {
        private int slot = -1;

        final int slot() {
            return slot;
        }

        final void slot(int slot) {
            this.slot = slot;
        }
    }

    public SnapshotSet(IntFunction<E[]> arrays, Function<E, V> view, IntFunction<V[]> views) {
        this.view = view;
        this.views = views;
        entries = arrays.apply(1);
    }

    public void add(E entry) {
        if (size == entries.length) {
            entries = Arrays.copyOf(entries, size * 2);
        }
        entry.slot(size);
        entries[size++] = entry;
        changed();
    }

    /** Removes an entry. The last entry takes its index. Has no effect if the entry is not in the set. */
    public void remove(E entry) {
        int slot = entry.slot();
        if (slot < 0) {
            return;
        }
        E last = entries[--size];
        entries[size] = null;
        if (last != entry) {
            entries[slot] = last;
            last.slot(slot);
        }
        entry.slot(-1);
        changed();
        if (size > 0 && size < entries.length / 4) {
            entries = Arrays.copyOf(entries, entries.length / 2);
        }
    }

    /** Releases the arrays, which would keep removed entries alive until the next iteration. */
    private void changed() {
        snapshot = null;
        allEntries = null;
    }

    /** Returns all entries. The array never changes, so it may be iterated without the lock. */
    public E[] entries() {
        if (allEntries == null) {
            allEntries = Arrays.copyOf(entries, size);
        }
        return allEntries;
    }

    /** Returns the views of all entries. The array never changes, so it may be iterated without the lock. */
    public V[] snapshot() {
        if (snapshot == null) {
            V[] all = views.apply(size);
            for (int i = 0; i < size; i++) {
                all[i] = view.apply(entries[i]);
            }
            snapshot = all;
        }
        return snapshot;
    }

    public int size() {
        return size;
    }
}
