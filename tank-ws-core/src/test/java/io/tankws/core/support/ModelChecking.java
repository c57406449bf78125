package io.tankws.core.support;

import static org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt.forClasses;

import io.tankws.core.concurrent.CallbackExecutor;
import io.tankws.core.concurrent.RankedLock;
import io.tankws.core.event.EventDispatcher;
import io.tankws.core.event.EventPublisher;
import io.tankws.core.flow.FlowControl;
import io.tankws.core.outbox.OutboxRaceTest;
import io.tankws.core.routing.TopicNames;
import io.tankws.spi.support.RunningTime;
import java.time.Instant;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;

/** How long interleavings are searched for: briefly in every build, as long as one likes on demand. */
public final class ModelChecking {
    private static final String[] ASIDE = {
        CallbackExecutor.class.getName(),
        ManagerContexts.class.getName(),
        EventDispatcher.class.getName(),
        EventPublisher.class.getName(),
        FlowControl.class.getName(),
        OutboxRaceTest.Law.class.getName(),
        RankedLock.Held.class.getName(),
        RunningTime.class.getName(),
        TopicNames.class.getName(),
        Instant.class.getName()
    };

    private ModelChecking() {}

    /** Each class that is checked must be public, with public operations: the checker calls them from elsewhere. */
    public static void check(Class<?> model, int threads, int iterations) {
        new ModelCheckingOptions()
                .iterations(Integer.getInteger("tankws.lincheck.iterations", threads == 2 ? iterations : 3))
                .invocationsPerIteration(Integer.getInteger("tankws.lincheck.invocations", 50))
                .threads(threads)
                .actorsPerThread(2)
                .actorsBefore(1)
                .actorsAfter(1)
                // What has no part in these races would only make each run of one longer.
                .addGuarantee(forClasses(ASIDE).allMethods().ignore())
                .check(model);
    }
}
