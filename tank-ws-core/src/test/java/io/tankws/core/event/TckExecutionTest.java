package io.tankws.core.event;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import org.junit.jupiter.api.Test;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** The TCK runs. Without its engine it would compile and silently not run. */
class TckExecutionTest {
    @Test
    void theTckIsFoundByThisBuildsRunner() {
        TestPlan plan = LauncherFactory.create()
                .discover(LauncherDiscoveryRequestBuilder.request()
                        .selectors(selectClass(EventPublisherTckTest.class))
                        .build());
        assertTrue(plan.countTestIdentifiers(TestIdentifier::isTest) >= 38);
    }
}
