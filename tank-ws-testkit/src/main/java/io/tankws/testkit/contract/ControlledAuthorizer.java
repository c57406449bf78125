package io.tankws.testkit.contract;

import io.tankws.TopicAuthorizer;
import io.tankws.TopicDecision;
import io.tankws.TopicRequest;
import io.tankws.testkit.Await;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** An authorizer whose decisions the test makes. It has one decision for each topic. Thread-safe. */
final class ControlledAuthorizer implements TopicAuthorizer {
    private final Map<String, CompletableFuture<TopicDecision>> decisions = new ConcurrentHashMap<>();
    private final List<TopicRequest> requests = new CopyOnWriteArrayList<>();

    @Override
    public CompletionStage<TopicDecision> authorize(TopicRequest request) {
        requests.add(request);
        return decision(request.topic());
    }

    /** Returns the decision on a topic, which the test completes. */
    CompletableFuture<TopicDecision> decision(String topic) {
        return decisions.computeIfAbsent(topic, key -> new CompletableFuture<>());
    }

    /** Replaces the decision on a topic for later requests. */
    void renew(String topic) {
        decisions.put(topic, new CompletableFuture<>());
    }

    void allow(String topic) {
        decision(topic).complete(TopicDecision.allowed());
    }

    void deny(String topic) {
        decision(topic).complete(TopicDecision.denied("on purpose"));
    }

    /** Returns how often a topic was asked for. */
    long requests(String topic) {
        return requests.stream()
                .filter(request -> request.topic().equals(topic))
                .count();
    }

    List<TopicRequest> requests() {
        return List.copyOf(requests);
    }

    void awaitRequest(String topic) {
        Await.until("a request for the topic " + topic, () -> requests(topic) > 0);
    }
}
