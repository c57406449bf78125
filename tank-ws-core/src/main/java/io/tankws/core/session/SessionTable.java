package io.tankws.core.session;

import org.jspecify.annotations.Nullable;

/**
 * A table of sessions by number without an object for each entry (open addressing, linear probing). The library
 * assigns the numbers, so no peer can choose colliding ones. Guarded by the lock of the {@link ClientRegistry}.
 */
final class SessionTable {
    private static final int LEAST = 16;
    /** Golden ratio as a fraction of 2^64. Its multiples are spread evenly, as successive numbers must be. */
    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    private @Nullable ClientSession[] slots = new ClientSession[LEAST];
    private int size;

    void add(ClientSession session) {
        if (++size > slots.length / 3 * 2) {
            resize(slots.length * 2);
        }
        put(session);
    }

    /** Removes a session. Has no effect if the table does not contain it. */
    void remove(ClientSession session) {
        int hole = slotOf(session.number());
        if (slots[hole] != session) {
            return;
        }
        slots[hole] = null;
        for (int i = after(hole); slots[i] != null; i = after(i)) {
            // An entry whose probe sequence crosses the hole moves into it.
            if (distance(home(slots[i].number()), i) >= distance(hole, i)) {
                slots[hole] = slots[i];
                slots[i] = null;
                hole = i;
            }
        }
        if (--size < slots.length / 8 && slots.length > LEAST) {
            resize(slots.length / 2);
        }
    }

    /** Returns a session, or {@code null} if there is none. */
    @Nullable
    ClientSession find(long number) {
        return slots[slotOf(number)];
    }

    private void resize(int length) {
        @Nullable ClientSession[] old = slots;
        slots = new ClientSession[length];
        for (ClientSession session : old) {
            if (session != null) {
                put(session);
            }
        }
    }

    private void put(ClientSession session) {
        slots[slotOf(session.number())] = session;
    }

    /** Returns the index of a number, or of its insertion point. */
    private int slotOf(long number) {
        int slot = home(number);
        while (slots[slot] != null && slots[slot].number() != number) {
            slot = after(slot);
        }
        return slot;
    }

    private int home(long number) {
        return (int) (number * SPREAD >>> 32) & slots.length - 1;
    }

    private int after(int slot) {
        return slot + 1 & slots.length - 1;
    }

    private int distance(int from, int to) {
        return to - from & slots.length - 1;
    }
}
