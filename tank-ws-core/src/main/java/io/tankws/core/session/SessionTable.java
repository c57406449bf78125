package io.tankws.core.session;

/**
 * Finds sessions by their number without an object for each (open addressing, linear probing). Numbers are ours, so
 * nobody can choose them to collide. The {@link ClientRegistry}'s lock guards it.
 */
final class SessionTable {
    private static final int LEAST = 16;
    /** The golden ratio as a fraction of 2^64: multiples of it are spread evenly, as successive numbers must be. */
    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    private ClientSession[] slots = new ClientSession[LEAST];
    private int size;

    void add(ClientSession session) {
        if (++size > slots.length / 3 * 2) {
            resize(slots.length * 2);
        }
        put(session);
    }

    /** Removes a session; nothing happens if it is not there. */
    void remove(ClientSession session) {
        int hole = slotOf(session.number());
        if (slots[hole] != session) {
            return;
        }
        slots[hole] = null;
        for (int i = after(hole); slots[i] != null; i = after(i)) {
            // Whoever is found only by going over the hole moves into it.
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

    /** Returns {@code null} if there is none. */
    ClientSession find(long number) {
        return slots[slotOf(number)];
    }

    private void resize(int length) {
        ClientSession[] old = slots;
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

    /** Where a number is, or would be put. */
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
