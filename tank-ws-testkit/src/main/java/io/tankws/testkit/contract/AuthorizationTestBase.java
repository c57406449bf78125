package io.tankws.testkit.contract;

import io.tankws.ErrorEvent;
import io.tankws.Manager;
import io.tankws.TopicAuthorizer;
import io.tankws.TopicDenial;
import io.tankws.testkit.RecordingSubscriber;
import java.util.Set;

/** The base of the contracts of the topic authorizer. */
abstract class AuthorizationTestBase extends ContractTestBase {
    /** An authorizer whose decisions the test makes. */
    final ControlledAuthorizer authorizer = new ControlledAuthorizer();

    AuthorizationTestBase(ContractFixture fixture) {
        super(fixture);
    }

    final Manager authorizing(TopicAuthorizer decisions) {
        return start(settings -> settings.topicAuthorizer(decisions));
    }

    static ErrorEvent awaitDenial(RecordingSubscriber<ErrorEvent> errors, String topic) {
        return errors.await(
                "the denial of " + topic,
                event -> event.details()
                        .filter(details -> details instanceof TopicDenial denial
                                && denial.topic().equals(topic))
                        .isPresent());
    }

    static Set<String> topics(Manager manager) {
        return manager.getAllTopics();
    }
}
