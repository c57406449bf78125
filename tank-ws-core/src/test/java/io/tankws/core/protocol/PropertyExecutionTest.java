package io.tankws.core.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import org.junit.jupiter.api.Test;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/** Without their engine the properties would compile and silently not run. */
class PropertyExecutionTest {
    @Test
    void thePropertiesAreRunByThisBuildsRunner() {
        SummaryGeneratingListener summary = new SummaryGeneratingListener();
        LauncherFactory.create()
                .execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(selectClass(PlainProtocolPropertyTest.class))
                                .configurationParameter("jqwik.tries.default", "1")
                                // What failed in the real run is remembered there.
                                .configurationParameter("jqwik.database", "target/jqwik-execution")
                                .build(),
                        summary);
        assertEquals(5, summary.getSummary().getTestsSucceededCount());
    }
}
