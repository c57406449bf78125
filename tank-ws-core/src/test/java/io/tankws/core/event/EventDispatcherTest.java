package io.tankws.core.event;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tankws.ErrorCode;
import io.tankws.ErrorEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.Test;

class EventDispatcherTest {
    private final Counters counters = new Counters();
    private boolean exhausted;
    private final Executor executor = task -> {
        if (exhausted) {
            throw new OutOfMemoryError("of this test");
        }
        task.run();
    };
    private final EventDispatcher events = new EventDispatcher("test", executor, 8, counters);

    @Test
    void anEventThatCannotBePublishedIsCountedAndThrowsNothing() {
        List<String> messages = new ArrayList<>();
        events.errors.subscribe(new Flow.Subscriber<>() {
            @Override
            public void onSubscribe(Flow.Subscription subscription) {
                subscription.request(Long.MAX_VALUE);
            }

            @Override
            public void onNext(ErrorEvent event) {
                messages.add(event.message());
            }

            @Override
            public void onError(Throwable cause) {}

            @Override
            public void onComplete() {}
        });
        events.error(ErrorCode.HANDLER_FAILED, "first", null, null);
        assertEquals(List.of("first"), messages);
        exhausted = true;
        events.error(ErrorCode.HANDLER_FAILED, "second", null, null);
        assertEquals(1, counters.eventsLost.sum());
    }
}
