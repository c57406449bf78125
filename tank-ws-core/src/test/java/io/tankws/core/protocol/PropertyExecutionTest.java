package io.tankws.core.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import org.junit.jupiter.api.Test;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/** The properties run. Without their engine they would compile and silently not run. */
class PropertyExecutionTest {
    @Test
    void thePropertiesAreRunByThisBuildsRunner() {
        SummaryGeneratingListener summary = new SummaryGeneratingListener();
        LauncherFactory.create()
                .execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(selectClass(PlainProtocolPropertyTest.class))
                                .configurationParameter("jqwik.tries.default", "1")
                                // The database remembers the failures of the real run.
                                .configurationParameter("jqwik.database", "target/jqwik-execution")
                                .build(),
                        summary);
        assertEquals(5, summary.getSummary().getTestsSucceededCount());
    }
}
