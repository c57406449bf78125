package io.tankws.core.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SnapshotSetTest {
    private static final class Item extends SnapshotSet.Entry {
        final String name;

        Item(int number) {
            name = "item " + number;
        }
    }

    private static Set<String> names(List<Item> items) {
        return items.stream().map(item -> item.name).collect(Collectors.toSet());
    }

    @Test
    void holdsExactlyWhatWasAddedAndNotRemoved() {
        SnapshotSet<Item, String> roster = new SnapshotSet<>(Item[]::new, item -> item.name, String[]::new);
        List<Item> model = new ArrayList<>();
        Random random = new Random(42);
        for (int step = 0; step < 5000; step++) {
            if (model.isEmpty() || random.nextInt(100) < (step < 2500 ? 60 : 40)) {
                Item item = new Item(step);
                model.add(item);
                roster.add(item);
            } else {
                roster.remove(model.remove(random.nextInt(model.size())));
            }
            assertEquals(model.size(), roster.size());
            assertEquals(names(model), Set.of(roster.snapshot()));
        }
    }

    @Test
    void removingTwiceChangesNothing() {
        SnapshotSet<Item, String> roster = new SnapshotSet<>(Item[]::new, item -> item.name, String[]::new);
        Item stays = new Item(1);
        Item goes = new Item(2);
        roster.add(stays);
        roster.add(goes);
        roster.remove(goes);
        roster.remove(goes);
        assertEquals(List.of(stays.name), List.of(roster.snapshot()));
    }

    @Test
    void makesASnapshotOnlyAfterAChange() {
        SnapshotSet<Item, String> roster = new SnapshotSet<>(Item[]::new, item -> item.name, String[]::new);
        roster.add(new Item(1));
        String[] first = roster.snapshot();
        assertSame(first, roster.snapshot());
        roster.add(new Item(1));
        assertEquals(1, first.length);
        assertEquals(2, roster.snapshot().length);
    }

    @Test
    void copiesItsEntriesOnlyAfterAChange() {
        SnapshotSet<Item, String> roster = new SnapshotSet<>(Item[]::new, item -> item.name, String[]::new);
        Item item = new Item(1);
        roster.add(item);
        Item[] first = roster.entries();
        assertEquals(List.of(item), List.of(first));
        assertSame(first, roster.entries());
        roster.remove(item);
        assertEquals(0, roster.entries().length);
        assertEquals(1, first.length);
    }
}
