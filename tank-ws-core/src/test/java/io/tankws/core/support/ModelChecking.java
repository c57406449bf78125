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
import java.time.Duration;
import java.time.Instant;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.junit.jupiter.api.Assertions;

/** The extent of the search for interleavings: short in every build, longer with system properties. */
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

    /** Time after which a run counts as hung. */
    private static final Duration INVOCATION_TIMEOUT = Duration.ofMinutes(2);

    private ModelChecking() {}

    /** Checks a class. It and its operations must be public, because the checker calls them from another package. */
    public static void check(Class<?> model, int threads, int iterations) {
        options(threads, iterations).check(model);
    }

    /** Checks that the search finds the planted fault of a class. */
    public static void checkFinds(Class<?> faulty) {
        // A smaller scenario with the same fault would help only a reader.
        ModelCheckingOptions options = options(2, 5).minimizeFailedScenario(false);
        Assertions.assertThrows(LincheckAssertionError.class, () -> options.check(faulty));
    }

    private static ModelCheckingOptions options(int threads, int iterations) {
        return new ModelCheckingOptions()
                .iterations(Integer.getInteger("tankws.lincheck.iterations", threads == 2 ? iterations : 2))
                .invocationsPerIteration(Integer.getInteger("tankws.lincheck.invocations", 50))
                .threads(threads)
                .actorsPerThread(2)
                .actorsBefore(1)
                .actorsAfter(1)
                // The checker loads and transforms classes during a run, which takes long on a busy machine.
                .invocationTimeout$lincheck(INVOCATION_TIMEOUT.toMillis())
                // Code that takes no part in these races would only make each run longer.
                .addGuarantee(forClasses(ASIDE).allMethods().ignore());
    }
}
