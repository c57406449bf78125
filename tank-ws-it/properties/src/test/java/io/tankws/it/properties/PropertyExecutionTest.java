package io.tankws.it.properties;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import org.junit.jupiter.api.Test;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/** Checks that the properties run, because without their engine they compile but do not run. */
class PropertyExecutionTest {
    @Test
    void thePropertiesAreRunByThisBuildsRunner() {
        SummaryGeneratingListener summary = new SummaryGeneratingListener();
        LauncherFactory.create()
                .execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(selectClass(ConnectionLifePropertyTest.class))
                                .configurationParameter("jqwik.tries.default", "1")
                                // A separate database keeps the failures of the real run.
                                .configurationParameter("jqwik.database", "target/jqwik-execution")
                                .build(),
                        summary);
        assertEquals(1, summary.getSummary().getTestsSucceededCount());
    }
}
