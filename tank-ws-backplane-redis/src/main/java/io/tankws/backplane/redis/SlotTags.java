package io.tankws.backplane.redis;

import io.lettuce.core.cluster.SlotHash;
import java.util.Arrays;

/**
 * Hash tags that put a key into a given slot of a Redis Cluster: for each slot, the least number whose digits belong
 * there. So the keys of a topic share the slot of its channel, whatever braces the name of the topic contains.
 */
final class SlotTags {
    private static final int MISSING = -1;
    private static final int[] NUMBER_OF_SLOT = find();

    private SlotTags() {}

    private static int[] find() {
        int[] numbers = new int[SlotHash.SLOT_COUNT];
        Arrays.fill(numbers, MISSING);
        int missing = numbers.length;
        for (int number = 0; missing > 0; number++) {
            int slot = SlotHash.getSlot(Integer.toString(number));
            if (numbers[slot] == MISSING) {
                numbers[slot] = number;
                missing--;
            }
        }
        return numbers;
    }

    /** Returns the digits that belong to the slot of a channel or key. */
    static String of(byte[] key) {
        return Integer.toString(NUMBER_OF_SLOT[SlotHash.getSlot(key)]);
    }
}
