package io.tankws.core.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tankws.ManagerLimits;
import io.tankws.Payload;
import io.tankws.Publication;
import io.tankws.PublishOptions;
import io.tankws.TopicConfigurer;
import io.tankws.TopicOptions;
import io.tankws.core.manager.ManagerContext;
import io.tankws.core.session.ClientSession;
import io.tankws.core.support.FakeConnection;
import io.tankws.core.support.ManagerContexts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The turns of the check of positions, and what a check protects. */
class PositionCheckTest {
    private static final Duration INTERVAL = Duration.ofSeconds(10);
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final List<String> reported = new ArrayList<>();

    private static ManagerContext context(int topics) {
        TopicConfigurer configurer =
                topic -> TopicOptions.builder().historySize(10).build();
        return ManagerContexts.remembering(
                ManagerLimits.builder().maxTopicsWithHistory(topics).build(), configurer);
    }

    private PositionCheck check(ManagerContext context) {
        return new PositionCheck(context.topics, context.history(), true, INTERVAL, reported::add);
    }

    private static void publish(ManagerContext context, String topic) {
        context.distributor()
                .publish(Publication.builder(topic, Payload.text("m")).build(), PublishOptions.defaults());
    }

    @Test
    void theTopicsOfAPassAreSpreadOverTheInterval() {
        ManagerContext context = context(10);
        ClientSession ann = ManagerContexts.open(context, "ann", new FakeConnection());
        for (int i = 0; i < 10; i++) {
            ann.subscribe("t" + i);
            publish(context, "t" + i);
        }
        for (int i = 0; i < 10; i++) {
            publish(context, "other" + i);
        }
        PositionCheck check = check(context);
        for (int second = 0; second <= 10; second++) {
            check.check(second * SECOND);
            assertEquals(second, reported.size());
        }
        check.check(25 * SECOND);
        check.check(40 * SECOND);
        assertEquals(10, reported.size());
    }

    @Test
    void aHistoryWithSubscribersIsEvictedAfterOneWithout() {
        ManagerContext context = context(2);
        ManagerContexts.open(context, "ann", new FakeConnection()).subscribe("news");
        publish(context, "news");
        publish(context, "older");
        PositionCheck check = check(context);
        check.check(0);
        check.check(10 * SECOND);
        publish(context, "newer");
        assertEquals(1, context.history().top("news").offset());
        assertEquals(0, context.history().top("older").offset());
        assertEquals(List.of(), reported);
    }

    @Test
    void theBoundWinsOverTheProtection() {
        ManagerContext context = context(1);
        ManagerContexts.open(context, "ann", new FakeConnection()).subscribe("news");
        publish(context, "news");
        PositionCheck check = check(context);
        check.check(0);
        check.check(10 * SECOND);
        publish(context, "other");
        assertEquals(1, context.history().topics());
        check.check(20 * SECOND);
        check.check(30 * SECOND);
        assertEquals(List.of("news"), reported);
    }
}
