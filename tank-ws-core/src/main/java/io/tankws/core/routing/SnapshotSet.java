package io.tankws.core.routing;

import java.util.Arrays;
import java.util.function.Function;
import java.util.function.IntFunction;

/**
 * A set that is walked far more often than it changes: adding and removing take constant time and allocate nothing, a
 * walk goes over an array that is made anew only after a change. Its owner's lock guards it.
 *
 * @param <E> each entry knows its place, so it is in one roster at most
 * @param <V> what a walk wants of each entry, so that it need not look at more objects than that
 */
public final class SnapshotSet<E extends SnapshotSet.Entry, V> {
    private final Function<E, V> view;
    private final IntFunction<V[]> views;
    private E[] entries;
    private int size;
    private V[] snapshot;
    private E[] allEntries;

    /** What can be in a roster. */
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

    /** Removes an entry, which gives its place to the last one; nothing happens if it is not there. */
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

    /** Drops the arrays at once: until the next walk they would keep removed entries alive. */
    private void changed() {
        snapshot = null;
        allEntries = null;
    }

    /** Returns all entries; the array is never changed, so it may be walked without the lock. */
    public E[] entries() {
        if (allEntries == null) {
            allEntries = Arrays.copyOf(entries, size);
        }
        return allEntries;
    }

    /** Returns the views of all entries; never changed, so it may be walked without the lock. */
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
