package io.tankws.core.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tankws.Message;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
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
        for (long step = 0; step < 20_000; step++) {
            int choice = random.nextInt(100);
            if (choice < 55 || model.isEmpty()) {
                Message message = Message.text("m" + step);
                queue.add(message, step);
                model.add(message);
                times.add(step);
            } else if (choice < 90) {
                assertEquals(model.poll(), queue.poll());
                times.poll();
            } else if (choice < 99) {
                assertEquals(model.pollLast(), queue.pollLast());
                times.pollLast();
            } else {
                boolean[] keep = new boolean[model.size()];
                IntStream.range(0, keep.length).forEach(i -> keep[i] = random.nextBoolean());
                queue.retain(i -> keep[i]);
                retain(model, keep);
                retain(times, keep);
            }
            assertEquals(model.size(), queue.size());
            if (!model.isEmpty()) {
                assertEquals(model.peek(), queue.get(0));
                assertEquals(model.peekLast(), queue.get(queue.size() - 1));
                assertEquals(times.peek(), queue.oldestTime());
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
