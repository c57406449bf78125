package io.tankws.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RosterTest {
    private static final class Item extends Roster.Entry {}

    @Test
    void holdsExactlyWhatWasAddedAndNotRemoved() {
        Roster<Item> roster = new Roster<>(Item[]::new);
        List<Item> model = new ArrayList<>();
        Random random = new Random(42);
        for (int step = 0; step < 5000; step++) {
            if (model.isEmpty() || random.nextInt(100) < (step < 2500 ? 60 : 40)) {
                Item item = new Item();
                model.add(item);
                roster.add(item);
            } else {
                roster.remove(model.remove(random.nextInt(model.size())));
            }
            assertEquals(model.size(), roster.size());
            assertEquals(Set.copyOf(model), Set.of(roster.snapshot()));
        }
    }

    @Test
    void removingTwiceChangesNothing() {
        Roster<Item> roster = new Roster<>(Item[]::new);
        Item stays = new Item();
        Item goes = new Item();
        roster.add(stays);
        roster.add(goes);
        roster.remove(goes);
        roster.remove(goes);
        assertEquals(List.of(stays), List.of(roster.snapshot()));
    }

    @Test
    void makesASnapshotOnlyAfterAChange() {
        Roster<Item> roster = new Roster<>(Item[]::new);
        roster.add(new Item());
        Item[] first = roster.snapshot();
        assertSame(first, roster.snapshot());
        roster.add(new Item());
        assertEquals(1, first.length);
        assertEquals(2, roster.snapshot().length);
    }
}
