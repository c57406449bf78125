package io.tankws.core.routing;

import io.tankws.HistoryQuery;
import io.tankws.Payload;
import io.tankws.Publication;
import io.tankws.PublishOptions;
import io.tankws.StreamPosition;
import io.tankws.TopicOptions;
import io.tankws.core.manager.ManagerContext;
import io.tankws.core.session.ClientSession;
import io.tankws.core.support.FakeConnection;
import io.tankws.core.support.ManagerContexts;
import io.tankws.core.support.ModelChecking;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A client that recovers while threads publish receives each publication exactly once, in the order of the history. */
@Tag("interleavings")
class RecoveryRaceTest {
    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void recoveryMissesAndRepeatsNothing(int threads) {
        ModelChecking.check(Recovering.class, threads, 3);
    }

    @Test
    void theCheckFindsARecoveryOutsideOfTheLock() {
        ModelChecking.checkFinds(RecoveringWithoutLock.class);
    }

    /** One client that recovers at most once, and any number of publications. */
    public static class Recovering {
        private static final TopicOptions OPTIONS =
                TopicOptions.builder().historySize(100).recoverable().build();

        final ManagerContext context = ManagerContexts.newContext(topic -> OPTIONS);
        private final FakeConnection connection = new FakeConnection();
        final ClientSession client = ManagerContexts.open(context, "c", connection);
        private final AtomicInteger published = new AtomicInteger();
        final StreamPosition start;

        public Recovering() {
            start = publication();
        }

        static <T> T join(CompletionStage<T> stage) {
            return stage.toCompletableFuture().join();
        }

        private StreamPosition publication() {
            Payload payload = Payload.text("" + published.incrementAndGet());
            return join(context.distributor()
                    .publish(Publication.builder("t", payload).build(), PublishOptions.defaults()));
        }

        @Operation
        public long publish() {
            return publication().offset();
        }

        /** Returns the offset at which the subscription begins, or 0 if the client is subscribed already. */
        @Operation
        public long recover() {
            CompletionStage<Long> offset = client.subscribe("t", start)
                    .thenApply(recovery -> recovery.position().offset());
            return join(offset.exceptionally(alreadySubscribed -> 0L));
        }

        List<String> missed() {
            return context.history().read("t", HistoryQuery.since(start)).page().publications().stream()
                    .map(publication -> "{\"topic\":\"t\",\"data\":\""
                            + publication.payload().asText() + "\"}")
                    .toList();
        }

        @Validate
        public void everythingArrivesOnce() {
            List<String> expected = context.topics.subscriberCount("t") == 0 ? List.of() : missed();
            if (!connection.written().equals(expected)) {
                throw new IllegalStateException(connection.written() + " instead of " + expected);
            }
        }
    }

    /** The planted fault: the history is read before the subscription, and publications come in between. */
    public static class RecoveringWithoutLock extends Recovering {
        @Override
        @Operation
        public long recover() {
            if (context.topics.subscriberCount("t") > 0) {
                return 0;
            }
            List<String> missed = missed();
            missed.forEach(client::send);
            client.subscribe("t");
            return start.offset() + missed.size();
        }
    }
}
