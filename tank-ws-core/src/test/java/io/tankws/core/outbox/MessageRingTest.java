package io.tankws.core.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tankws.Message;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MessageRingTest {
    /** Against the JDK's own queue, over many random steps of one seed. */
    @Test
    void isAQueue() {
        Random random = new Random(7);
        MessageRing queue = new MessageRing();
        Deque<Message> model = new ArrayDeque<>();
        Deque<Long> times = new ArrayDeque<>();
        Deque<Optional<TopicPosition>> positions = new ArrayDeque<>();
        for (long step = 0; step < 20_000; step++) {
            int choice = random.nextInt(100);
            if (choice < 55 || model.isEmpty()) {
                Message message = Message.text("m" + step);
                // The first messages have no position.
                TopicPosition position =
                        step < 100 || random.nextBoolean() ? null : FixedEntry.position("t", "e", step);
                queue.add(message, step, position);
                model.add(message);
                times.add(step);
                positions.add(Optional.ofNullable(position));
            } else if (choice < 90) {
                assertEquals(model.poll(), queue.poll());
                times.poll();
                positions.poll();
            } else if (choice < 99) {
                assertEquals(model.pollLast(), queue.pollLast());
                times.pollLast();
                positions.pollLast();
            } else {
                boolean[] keep = new boolean[model.size()];
                IntStream.range(0, keep.length).forEach(i -> keep[i] = random.nextBoolean());
                queue.retain(i -> keep[i]);
                retain(model, keep);
                retain(times, keep);
                retain(positions, keep);
            }
            assertEquals(model.size(), queue.size());
            if (!model.isEmpty()) {
                assertEquals(model.peek(), queue.get(0));
                assertEquals(model.peekLast(), queue.get(queue.size() - 1));
                assertEquals(times.peek(), queue.oldestTime());
                assertEquals(positions.peek(), Optional.ofNullable(queue.position(0)));
                assertEquals(positions.peekLast(), Optional.ofNullable(queue.position(queue.size() - 1)));
            }
        }
    }

    private static <T> void retain(Deque<T> model, boolean[] keep) {
        List<T> all = new ArrayList<>(model);
        model.clear();
        for (int i = 0; i < keep.length; i++) {
            if (keep[i]) {
                model.add(all.get(i));
            }
        }
    }
}
